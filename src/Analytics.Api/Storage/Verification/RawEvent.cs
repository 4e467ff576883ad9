using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>A row of <c>events</c> as it stands; the timestamp in microseconds, person and share 0 for none.</summary>
sealed record RawEvent(
    int Type, long Timestamp, Guid Id, long Sequence, int Person, Guid? Parent, Guid? Trace, string? ExternalId, string? ParentRef,
    string? Metadata, int Share, Guid? Portal, int? CostKey, Guid? Subscription, int[]? Kept)
{
    public const string Columns =
        """
        e.type, e.timestamp, e.id, e.seq, e.person, e.parent, e.trace, e.external_id, e.parent_ref, e.metadata::text, e.share, e.portal,
        e.cost_key, e.subscription, e.usage
        """;

    public DateTime Time => Sql.TimeOf(Timestamp);

    public static RawEvent Read(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.Microseconds(1), row.GetGuid(2), row.GetInt64(3), row.GetFieldValue<int?>(4) ?? 0,
        row.GetFieldValue<Guid?>(5), row.GetFieldValue<Guid?>(6), Text(row, 7), Text(row, 8), Text(row, 9),
        row.GetFieldValue<int?>(10) ?? 0, row.GetFieldValue<Guid?>(11), row.GetFieldValue<int?>(12), row.GetFieldValue<Guid?>(13),
        row.Numbers(14));

    public static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>Names of parents that were pending are hashes, UUIDs of version 8; ids are of version 7.</summary>
    public static bool IsHash(Guid name) => name.Version == 8;
}

/// <summary>An event that was looked up by its id.</summary>
sealed record FoundEvent(Guid Id, Guid? Parent, string? ExternalId, int Type, int Share, string? PaymentId, Guid? Portal);
