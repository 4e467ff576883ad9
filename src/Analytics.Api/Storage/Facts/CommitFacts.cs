using Analytics.Sketches;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Facts;

/// <summary>What one commit adds to a section: filled fact by fact, sorted and packed once.</summary>
sealed class CommitFacts(Section section)
{
    readonly record struct Count(long First, long Second, Int128 Third, long Timestamp);

    readonly record struct Sum(int Number, Int128 Amount);

    readonly record struct Value(short Field, int Times, Int128 Amount);

    const long NoTime = long.MinValue;
    const int Maximum = -1;

    readonly SortedByKey<Count> counts = new();
    readonly SortedByKey<Sum> sums = new();
    readonly SortedByKey<Value> values = new();
    readonly SortedByKey<int> members = new();
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
        counts.Add(key, new Count(first, second, third, timestamp));

    /// <summary>Adds to one of the sums, no fact being there.</summary>
    public void Add(FactKey key, int sum, Int128 amount)
    {
        if (amount == 0)
            return;
        if (sum > 2)
            sums.Add(key, new Sum(sum, amount));
        else
            counts.Add(key, new Count(sum == 0 ? (long)amount : 0, sum == 1 ? (long)amount : 0, sum == 2 ? amount : 0, NoTime));
    }

    /// <summary>The same without a time.</summary>
    public void Add(FactKey key, long first, long second, Int128 third) => Add(key, NoTime, first, second, third);

    /// <summary>Puts a number into the key's set; 0 is none.</summary>
    public void AddMember(FactKey key, int number)
    {
        if (number != 0)
            members.Add(key, number);
    }

    /// <summary>Raises the key's maximum to a value.</summary>
    public void Reached(FactKey key, Int128 value) => sums.Add(key, new Sum(Maximum, value));

    /// <summary>A value of a numeric field; -1 times takes a former value back.</summary>
    public void AddValue(FactKey key, short field, Int128 amount, int times)
    {
        if (amount != 0)
            values.Add(key, new Value(field, times, amount));
    }

    /// <summary>What was added to the first sum, by key, for who has to look at it again.</summary>
    public IEnumerable<(FactKey Key, long Amount)> FirstSums =>
        counts.Items.Select(count => (count.Key, count.Item.First));

    /// <summary>Packs the facts in the order of their keys; empty when nothing is left of them.</summary>
    public byte[] Pack(ByteWriter writer, out int facts)
    {
        counts.Sort();
        sums.Sort();
        values.Sort();
        members.Sort();
        writer.Reset();
        var delta = new DeltaWriter(section, writer, payload);
        var cell = new Cell();
        while (Least() is { } key)
        {
            cell.Clear();
            while (counts.TryTake(key, out var count))
                Add(cell, count);
            while (sums.TryTake(key, out var sum))
                Add(cell, sum);
            while (values.TryTake(key, out var value))
                Add(cell.Totals(value.Field), value);
            // Where there is a member there is a count.
            while (members.TryTake(key, out var member))
                cell.AddToSet(member);
            if (!cell.IsEmpty)
                delta.Add(key, cell);
        }

        facts = delta.Facts;
        return facts == 0 ? [] : writer.ToArray();
    }

    FactKey? Least()
    {
        var least = counts.Next;
        if (sums.Next is { } one && !(least <= one))
            least = one;
        if (values.Next is { } two && !(least <= two))
            least = two;
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
