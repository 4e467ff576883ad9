namespace Analytics.Storage.Facts;

/// <summary>One event's numeric fields, as (field, value in units of 1e-12) pairs; those that are absent or zero are left out.</summary>
static class EventValues
{
    /// <summary>Adds the values of an event that is being written.</summary>
    public static void Of(IncomingEvent e, IReadOnlyList<string> registered, List<(short Field, Int128 Value)> into)
    {
        Add(e.Fields, into);
        for (var at = 0; at < registered.Count; at++)
            if (MetadataPath.TryReadNumber(e.Metadata.Span, registered[at], out var value) && value != 0)
                into.Add(((short)(FieldCatalogue.LastBuiltIn + 1 + at), value));
    }

    /// <summary>The values of a stored event, read from its metadata.</summary>
    public static List<(short Field, Int128 Value)> Of(ReadOnlySpan<byte> metadata, IReadOnlyList<string> registered)
    {
        var values = new List<(short, Int128)>();
        if (metadata.IsEmpty)
            return values;
        for (short field = 1; field <= FieldCatalogue.LastBuiltIn + registered.Count; field++)
            if (MetadataPath.TryReadNumber(metadata, PathOf(field, registered), out var value) && value != 0)
                values.Add((field, value));
        return values;
    }

    public static string PathOf(short field, IReadOnlyList<string> registered) => field <= FieldCatalogue.LastBuiltIn
        ? FieldCatalogue.BuiltIn[field - 1]
        : registered[field - FieldCatalogue.LastBuiltIn - 1];

    static void Add(in FieldValues fields, List<(short Field, Int128 Value)> into)
    {
        AddOne(FieldCatalogue.Cost, fields.Cost, into);
        AddOne(FieldCatalogue.InputTokens, fields.InputTokens, into);
        AddOne(FieldCatalogue.OutputTokens, fields.OutputTokens, into);
        AddOne(FieldCatalogue.TotalTokens, fields.TotalTokens, into);
        AddOne(FieldCatalogue.CachedInputTokens, fields.CachedInputTokens, into);
    }

    static void AddOne(short field, Int128? value, List<(short Field, Int128 Value)> into)
    {
        if (value is { } given && given != 0)
            into.Add((field, given));
    }
}
