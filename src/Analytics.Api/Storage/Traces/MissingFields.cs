using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// Fields were registered after some nodes were last written: sums the missing fields from their events, once, as they are
/// before this transaction. That is what the fields' backfill counts too.
/// </summary>
sealed class MissingFields(NpgsqlConnection connection, int workspace, byte[] hashKey, IReadOnlyList<string> registered)
{
    const string EventSql = """
        select external_id, metadata::text
        from events
        where workspace_id = $1
          and timestamp = $2
          and id = $3
        """;

    /// <summary>Adds the fields up to <paramref name="fields"/> that the nodes do not know yet.</summary>
    public async Task AddAsync(IReadOnlyList<TraceNode> tops, short fields, CancellationToken cancel)
    {
        var below = new WayDown<TraceNode>(connection, workspace, hashKey);
        foreach (var top in tops)
        {
            below.Add(top.Id, [], top);
            if (!top.IsPending)
                await connection.EachAsync(EventSql, [workspace, EventId.TimeOf(top.Id)!.Value, top.Id], row =>
                {
                    below.Add(top.Id, row.Bytes(0), top);
                    Add(top, row.Bytes(1));
                }, cancel);
        }

        await below.EachAsync(Add, cancel);
        foreach (var top in tops)
        {
            top.Fields = fields;
            if (top.Counted is not null)
                top.Counted = new(top.Sums);
        }
    }

    void Add(TraceNode top, byte[] metadata)
    {
        foreach (var (field, value) in EventValues.Of(metadata, registered))
            if (field > top.Fields)
                top.Sums[field] = top.Sums.GetValueOrDefault(field) + value;
    }
}
