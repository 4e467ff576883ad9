using Analytics.Storage;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>The texts that a column's numbers stand for.</summary>
enum RawCode
{
    EventType,
    Person,
    Endpoint,
    Product,
    ApiKey,
}

/// <summary>What a field of a question is in a row of raw facts.</summary>
abstract record RawField
{
    /// <summary>A value somewhere in a jsonb column.</summary>
    public sealed record OfJson(string Column, string Path) : RawField
    {
        readonly MetadataPath path = new(Path);

        public string Json => path.Jsonb(Column);

        public string Text => path.Text(Column);
    }

    /// <summary>A number; null where there is none.</summary>
    public sealed record OfNumber(string Sql) : RawField;

    /// <summary>A text that is there.</summary>
    public sealed record OfText(string Sql) : RawField;

    /// <summary>A number that stands for a text; 0 and null for none.</summary>
    public sealed record OfCode(string Column, RawCode Code) : RawField;
}
