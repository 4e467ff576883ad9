using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>
/// What one commit adds, per person, quarter hour and event type: the single source every rollup is folded from. Filled
/// event by event, sorted and packed once.
/// </summary>
sealed class CommitFacts
{
    const int QuarterBits = 24;

    struct Count
    {
        public long Key;
        public int Type;
        public int Events;
        public int Roots;
        public long Timestamp;
        public Int128 OwnCost;
    }

    struct Value
    {
        public long Key;
        public int Type;
        public short Field;
        public int Times;
        public Int128 Amount;
    }

    readonly List<Count> counts = [];
    readonly List<Value> values = [];
    readonly ByteWriter payload = new(1024);

    public static long Key(int person, int quarter) => ((long)person << QuarterBits) | (uint)quarter;

    public static int PersonOf(long key) => (int)(key >> QuarterBits);

    public static int QuarterOf(long key) => (int)(key & ((1 << QuarterBits) - 1));

    public bool IsEmpty => counts.Count == 0 && values.Count == 0;

    public void Clear()
    {
        counts.Clear();
        values.Clear();
    }

    /// <summary>An event, whatever its rank.</summary>
    public void AddEvent(int person, long timestamp, int type, Int128 ownCost, bool isRoot) => counts.Add(new Count
    {
        Key = Key(person, Timeline.QuarterOf(timestamp)),
        Type = type,
        Events = 1,
        Roots = isRoot ? 1 : 0,
        Timestamp = timestamp,
        OwnCost = ownCost,
    });

    /// <summary>A trace's value, at its root; -1 times takes a former value back.</summary>
    public void AddValue(int person, long timestamp, int type, short field, Int128 amount, int times)
    {
        if (amount != 0)
            values.Add(new Value { Key = Key(person, Timeline.QuarterOf(timestamp)), Type = type, Field = field, Amount = amount, Times = times });
    }

    /// <summary>
    /// Packs the facts in order of person, quarter and type: key and type, first and last time as offsets into the quarter
    /// (when events were added), and the cell.
    /// </summary>
    public byte[] Pack(ByteWriter writer, out int facts)
    {
        counts.Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Type.CompareTo(b.Type));
        values.Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key)
            : a.Type != b.Type ? a.Type.CompareTo(b.Type) : a.Field.CompareTo(b.Field));
        writer.Reset();
        facts = 0;
        var delta = new DeltaWriter(writer, payload);
        int count = 0, value = 0;
        while (count < counts.Count || value < values.Count)
        {
            var (key, type) = Lesser(count, value);
            var cell = new Cell();
            for (; count < counts.Count && counts[count].Key == key && counts[count].Type == type; count++)
            {
                var added = counts[count];
                cell.Events += added.Events;
                cell.Roots += added.Roots;
                cell.OwnCost += added.OwnCost;
                cell.Seen(added.Timestamp, added.Timestamp);
            }

            for (; value < values.Count && values[value].Key == key && values[value].Type == type; value++)
            {
                var totals = cell.Totals(values[value].Field);
                totals.Sum += values[value].Amount * values[value].Times;
                totals.Values.Add(values[value].Amount, values[value].Times);
            }

            delta.Add(key, type, cell);
            facts++;
        }

        return writer.ToArray();
    }

    (long Key, int Type) Lesser(int count, int value)
    {
        if (value >= values.Count)
            return (counts[count].Key, counts[count].Type);
        var (key, type) = (values[value].Key, values[value].Type);
        return count < counts.Count && (counts[count].Key, counts[count].Type).CompareTo((key, type)) < 0
            ? (counts[count].Key, counts[count].Type)
            : (key, type);
    }
}
