using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Facts;

/// <summary>What one commit adds to a section: filled fact by fact, sorted and packed once.</summary>
sealed class CommitFacts(Section section)
{
    readonly record struct Count(FactKey Key, long First, long Second, Int128 Third, long Timestamp);

    readonly record struct Sum(FactKey Key, int Number, Int128 Amount);

    readonly record struct Member(FactKey Key, int Number);

    readonly record struct Value(FactKey Key, short Field, int Times, Int128 Amount);

    const long NoTime = long.MinValue;
    const int Maximum = -1;

    readonly List<Count> counts = [];
    readonly List<Sum> sums = [];
    readonly List<Value> values = [];
    readonly List<Member> members = [];
    readonly ByteWriter payload = new(1024);

    public Section Section => section;

    public void Clear()
    {
        counts.Clear();
        sums.Clear();
        values.Clear();
        members.Clear();
    }

    /// <summary>A fact with its first three sums; its time is kept where a rollup wants it.</summary>
    public void Add(FactKey key, long timestamp, long first, long second, Int128 third) =>
        counts.Add(new Count(key, first, second, third, timestamp));

    /// <summary>Adds to one of the sums, no fact being there.</summary>
    public void Add(FactKey key, int sum, Int128 amount)
    {
        if (amount == 0)
            return;
        if (sum > 2)
            sums.Add(new Sum(key, sum, amount));
        else
            counts.Add(new Count(key, sum == 0 ? (long)amount : 0, sum == 1 ? (long)amount : 0, sum == 2 ? amount : 0, NoTime));
    }

    /// <summary>The same without a time.</summary>
    public void Add(FactKey key, long first, long second, Int128 third) => Add(key, NoTime, first, second, third);

    /// <summary>Puts a number into the key's set; 0 is none.</summary>
    public void AddMember(FactKey key, int number)
    {
        if (number != 0)
            members.Add(new Member(key, number));
    }

    /// <summary>Raises the key's maximum to a value.</summary>
    public void Reached(FactKey key, Int128 value) => sums.Add(new Sum(key, Maximum, value));

    /// <summary>A value of a numeric field; -1 times takes a former value back.</summary>
    public void AddValue(FactKey key, short field, Int128 amount, int times)
    {
        if (amount != 0)
            values.Add(new Value(key, field, times, amount));
    }

    /// <summary>What was added to the first sum, by key, for who has to look at it again.</summary>
    public IEnumerable<(FactKey Key, long Amount)> FirstSums => counts.Select(count => (count.Key, count.First));

    /// <summary>Packs the facts in the order of their keys; empty when nothing is left of them.</summary>
    public byte[] Pack(ByteWriter writer, out int facts)
    {
        counts.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        sums.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        values.Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Field.CompareTo(b.Field));
        members.Sort(static (a, b) => a.Key.CompareTo(b.Key));
        writer.Reset();
        var delta = new DeltaWriter(section, writer, payload);
        var cell = new Cell();
        int count = 0, sum = 0, value = 0, member = 0;
        while (Least(count, sum, value) is { } key)
        {
            cell.Clear();
            for (; count < counts.Count && counts[count].Key == key; count++)
                Add(cell, counts[count]);
            for (; sum < sums.Count && sums[sum].Key == key; sum++)
                Add(cell, sums[sum]);
            for (; value < values.Count && values[value].Key == key; value++)
                Add(cell.Totals(values[value].Field), values[value]);
            // Where there is a member there is a count.
            for (; member < members.Count && members[member].Key == key; member++)
                cell.AddToSet(members[member].Number);
            if (!cell.IsEmpty)
                delta.Add(key, cell);
        }

        facts = delta.Facts;
        return facts == 0 ? [] : writer.ToArray();
    }

    FactKey? Least(int count, int sum, int value)
    {
        FactKey? least = count < counts.Count ? counts[count].Key : null;
        if (sum < sums.Count && (least is not { } one || sums[sum].Key < one))
            least = sums[sum].Key;
        if (value < values.Count && (least is not { } two || values[value].Key < two))
            least = values[value].Key;
        return least;
    }

    static void Add(Cell cell, Count count)
    {
        cell[0] += count.First;
        cell[1] += count.Second;
        cell[2] += count.Third;
        if (count.Timestamp != NoTime)
            cell.Seen(count.Timestamp, count.Timestamp);
    }

    static void Add(Cell cell, Sum sum)
    {
        if (sum.Number == Maximum)
            cell.Reached(sum.Amount);
        else
            cell[sum.Number] += sum.Amount;
    }

    static void Add(FieldTotals totals, Value value)
    {
        totals.Sum += value.Amount * value.Times;
        totals.Values.Add(value.Amount, value.Times);
    }
}
