using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>
/// Counts how many events there are and what they cost, without the values of their fields: a question cuts a quarter hour that has
/// thousands of events, and most want no more.
/// </summary>
sealed class EventSumsRecount(RawCount count)
{
    const string EventsSql = $"""
        select e.type, coalesce(e.person, 0), e.timestamp, e.parent is null,
            {NarrowMetadata.OfCost}
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and e.timestamp < $3
        """;

    const string OwnTypesSql = "select type from event_types where workspace_id = $1 and name = any($2)";

    readonly CommitFacts facts = new(EventFacts.Section);
    readonly HashSet<int> ownTypes = [];

    public async Task RunAsync(CancellationToken cancel)
    {
        await count.Reading.EachAsync(
            OwnTypesSql, [count.Workspace, OwnNames.Events.ToArray()], row => ownTypes.Add(row.GetInt32(0)), cancel);
        await count.EachAsync($"{EventsSql} {count.AndOfPeople("coalesce(e.person, 0)")}", Add, GiveAsync, cancel);
    }

    void Add(NpgsqlDataReader row)
    {
        var (type, timestamp) = (row.GetInt32(0), row.Microseconds(2));
        var key = EventFacts.Section.KeyOf(timestamp, row.GetInt32(1), type);
        facts.Add(key, timestamp, 1, row.GetBoolean(3) ? 1 : 0, NarrowMetadata.CostIn(row, 4));
        if (ownTypes.Contains(type))
            facts.Add(key, EventFacts.ServiceEvents, 1);
    }

    async Task GiveAsync()
    {
        var delta = facts.Pack(new ByteWriter(), out _);
        facts.Clear();
        if (delta.Length > 0)
            await count.Add(EventFacts.Section, delta);
    }
}
