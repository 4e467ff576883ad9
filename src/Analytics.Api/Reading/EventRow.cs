using Npgsql;

namespace Analytics.Reading;

/// <summary>An event's row; not yet what its numbers stand for.</summary>
sealed record EventRow(
    Guid Id, DateTime Timestamp, DateTime IngestedAt, string? ExternalId, Guid? Parent, Guid? Trace, string? ParentRef, byte[]? Metadata,
    int Type, int? Person, Guid? Portal)
{
    /// <summary>Reads from <c>e</c>, a selection of rows of events.</summary>
    public const string Columns = """
        e.id, e.timestamp, e.ingested_at, e.external_id, e.parent, e.trace, e.parent_ref, e.metadata, e.type, e.person, e.portal
        """;

    /// <summary>The hash that the parent was named by, because it had not come yet.</summary>
    public Guid? AwaitedParent => Parent is { Version: not 7 } hash ? hash : null;

    public static EventRow Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetDateTime(1), row.GetDateTime(2), Text(row, 3), OptionalId(row, 4), OptionalId(row, 5), Text(row, 6),
        row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7), row.GetInt32(8), row.IsDBNull(9) ? null : row.GetInt32(9),
        OptionalId(row, 10));

    static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static Guid? OptionalId(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);
}
