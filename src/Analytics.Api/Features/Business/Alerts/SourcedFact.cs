using Analytics.Storage;

namespace Analytics.Features.Business.Alerts;

/// <summary>A fact as alerts look at it: when it happened, and its fields as raw JSON. Good until the next one is read.</summary>
sealed class SourcedFact(int fields)
{
    /// <summary>In microseconds since 1970.</summary>
    public long Time { get; set; }

    public Guid Id { get; set; }

    /// <summary>An event's name; null of a request.</summary>
    public string? Name { get; set; }

    /// <summary>What the customer is called that it is of, named by it or not; null for nobody's.</summary>
    public string? Owner { get; set; }

    /// <summary>An event's metadata; empty of a request.</summary>
    public ReadOnlyMemory<byte> Metadata { get; set; }

    /// <summary>The fields in their order; empty for what is not there.</summary>
    public ReadOnlyMemory<byte>[] Fields { get; } = new ReadOnlyMemory<byte>[fields];

    /// <summary>The number that a field of some path is, if it is one.</summary>
    public Int128? NumberOf(int field, string path) =>
        MetadataPath.TryReadNumber(Metadata.Span, Fields[field].Span, path, out var units) ? units : null;
}
