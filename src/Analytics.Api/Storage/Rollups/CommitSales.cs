using Analytics.Sketches;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// What one commit adds by share, quarter hour and person: how shares and payments change, and where events count that name a
/// share. The facts by event type count an event for the person it names; one that counts for somebody else, or for a share, is
/// taken from share 0 of the former and given to the latter, so that both tables together add up to the truth.
/// </summary>
sealed class CommitSales
{
    const int Events = -2;
    const int Cost = -1;

    struct Entry
    {
        public long Key;
        public int Person;
        public int What;
        public Int128 Amount;
    }

    readonly List<Entry> entries = [];
    readonly ByteWriter payload = new(256);

    public bool IsEmpty => entries.Count == 0;

    public void Clear() => entries.Clear();

    public void Add(int share, int person, long timestamp, Measure measure, Int128 amount) =>
        Add(share, person, timestamp, (int)measure, amount);

    /// <summary>Events that name <paramref name="own"/> count for this share and person; negative ones no longer do.</summary>
    public void AddEvents(int share, int person, int own, long timestamp, long events, Int128 cost)
    {
        if (share == 0 && person == own)
            return;
        Add(share, person, timestamp, Events, events);
        Add(share, person, timestamp, Cost, cost);
        Add(0, own, timestamp, Events, -events);
        Add(0, own, timestamp, Cost, -cost);
    }

    void Add(int share, int person, long timestamp, int what, Int128 amount)
    {
        if (amount != 0)
            entries.Add(new Entry { Key = CommitFacts.Key(share, Timeline.QuarterOf(timestamp)), Person = person, What = what, Amount = amount });
    }

    /// <summary>Packs as <see cref="CommitFacts.Pack"/> does, the share in the person's and the person in the type's place; empty when nothing changed.</summary>
    public byte[] Pack(ByteWriter writer)
    {
        entries.Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Person.CompareTo(b.Person));
        writer.Reset();
        var delta = new DeltaWriter(writer, payload);
        for (var at = 0; at < entries.Count;)
        {
            var (key, person) = (entries[at].Key, entries[at].Person);
            var cell = new Cell();
            for (; at < entries.Count && entries[at].Key == key && entries[at].Person == person; at++)
                Add(cell, entries[at]);
            if (!cell.IsEmpty)
                delta.Add(key, person, cell);
        }

        return writer.ToArray();
    }

    /// <summary>
    /// Notes who may have lost their last event of a quarter hour: a set of people cannot tell how often somebody is in it.
    /// </summary>
    public IEnumerable<NpgsqlBatchCommand> Doubts(int workspace, long sequence)
    {
        var lost = entries
            .Where(entry => entry.What == Events && entry.Person != 0)
            .GroupBy(entry => (entry.Person, Quarter: CommitFacts.QuarterOf(entry.Key)), entry => entry.Amount)
            .Where(group => group.Aggregate((a, b) => a + b) < 0)
            .Select(group => group.Key).ToList();
        if (lost.Count > 0)
            yield return new NpgsqlBatchCommand("""
                insert into activity_doubts (workspace_id, person, quarter, seq)
                select $1, person, quarter, $2
                from unnest($3, $4) as lost (person, quarter)
                on conflict (workspace_id, person, quarter) do update
                set seq = excluded.seq
                """)
            {
                Parameters =
                {
                    new NpgsqlParameter<int> { TypedValue = workspace },
                    new NpgsqlParameter<long> { TypedValue = sequence },
                    new NpgsqlParameter<int[]> { TypedValue = [.. lost.Select(key => key.Person)] },
                    new NpgsqlParameter<int[]> { TypedValue = [.. lost.Select(key => key.Quarter)] },
                },
            };
    }

    static void Add(Cell cell, Entry entry)
    {
        if (entry.What == Events)
            cell.Events += (long)entry.Amount;
        else if (entry.What == Cost)
            cell.OwnCost += entry.Amount;
        else
            cell.Add((Measure)entry.What, entry.Amount);
    }
}
