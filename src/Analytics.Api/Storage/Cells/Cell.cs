using System.Runtime.InteropServices;
using Analytics.Sketches;

namespace Analytics.Storage.Cells;

/// <summary>
/// What is added up under one key: sums, first and last times, a maximum, a set of numbers and the distributions of numeric fields.
/// Cells add up: any number of them can be merged in any order, and negative parts (a root's former value) cancel what they take back.
/// What the sums mean is the section's affair; the first two are counts of 64 bits, the others are 128 bits wide.
/// </summary>
sealed class Cell
{
    public const int MaxSums = 48;

    long first;
    long second;
    Int128 third;
    Int128[] more = [];
    List<FieldTotals>? fields;

    public Int128 this[int sum]
    {
        get => sum switch
        {
            0 => first,
            1 => second,
            2 => third,
            _ => sum - 3 < more.Length ? more[sum - 3] : 0,
        };
        set
        {
            if (sum == 0)
                first = (long)value;
            else if (sum == 1)
                second = (long)value;
            else if (sum == 2)
                third = value;
            else
                More(sum - 2)[sum - 3] = value;
        }
    }

    /// <summary>The sums after the third.</summary>
    internal ReadOnlySpan<Int128> Rest => more;

    /// <summary>Earliest and latest fact in microseconds; there is none unless <see cref="HasTimes"/>.</summary>
    public long FirstTime { get; set; } = long.MaxValue;
    public long LastTime { get; set; } = long.MinValue;

    /// <summary>The largest of some value; what is taken back does not lower it.</summary>
    public Int128? Maximum { get; set; }

    /// <summary>The numbers of whoever or whatever is behind the facts; null where the key says who it is.</summary>
    public PersonSet? Set { get; set; }

    /// <summary>Per numeric field the sum and the distribution of its values, in the fields' order.</summary>
    /// <remarks>Some may be empty.</remarks>
    public ReadOnlySpan<FieldTotals> Fields => CollectionsMarshal.AsSpan(fields);

    public bool HasTimes => LastTime >= FirstTime;

    /// <summary>Whether it adds nothing to any other cell.</summary>
    public bool IsEmpty => first == 0 && second == 0 && third == 0 && !HasTimes && Maximum is null && Set is null or { Count: 0 }
        && (fields is null || fields.TrueForAll(totals => totals.IsEmpty)) && Array.TrueForAll(more, sum => sum == 0);

    public FieldTotals? Field(short field)
    {
        if (fields is not null)
            foreach (var totals in fields)
                if (totals.Field == field)
                    return totals.IsEmpty ? null : totals;
        return null;
    }

    /// <summary>The field's totals, made when missing.</summary>
    public FieldTotals Totals(short field)
    {
        fields ??= [];
        var at = 0;
        while (at < fields.Count && fields[at].Field < field)
            at++;
        if (at == fields.Count || fields[at].Field != field)
            fields.Insert(at, new FieldTotals(field));
        return fields[at];
    }

    public void Seen(long firstTime, long lastTime)
    {
        FirstTime = Math.Min(FirstTime, firstTime);
        LastTime = Math.Max(LastTime, lastTime);
    }

    public void ForgetTimes() => (FirstTime, LastTime) = (long.MaxValue, long.MinValue);

    public void Reached(Int128 value) => Maximum = Maximum > value ? Maximum : value;

    /// <summary>Adds a number to the set; 0 is nobody.</summary>
    public void AddToSet(int number)
    {
        if (number != 0)
            (Set ??= new PersonSet()).Add(number);
    }

    public void Clear()
    {
        (first, second, third, Set, Maximum) = (0, 0, 0, null, null);
        Array.Clear(more);
        ForgetTimes();
        // They are kept: a cell that is used again mostly has the same fields.
        foreach (var totals in Fields)
            totals.Clear();
    }

    public void Merge(Cell other)
    {
        first += other.first;
        second += other.second;
        third += other.third;
        for (var at = 0; at < other.more.Length; at++)
            More(at + 1)[at] += other.more[at];
        Seen(other.FirstTime, other.LastTime);
        if (other.Maximum is { } maximum)
            Reached(maximum);
        if (other.Set is { } set)
            (Set ??= new PersonSet()).UnionWith(set);
        if (other.fields is null)
            return;
        foreach (var theirs in other.fields)
        {
            if (theirs.IsEmpty)
                continue;
            var ours = Totals(theirs.Field);
            ours.Sum += theirs.Sum;
            ours.Values.Merge(theirs.Values);
        }
    }

    Int128[] More(int length)
    {
        if (more.Length < length)
            Array.Resize(ref more, length);
        return more;
    }
}

/// <summary>One field of a <see cref="Cell"/>: the sum and the distribution of the values, zeros left out.</summary>
sealed class FieldTotals(short field)
{
    public short Field { get; } = field;
    public Int128 Sum { get; set; }
    public ValueBag Values { get; } = new();

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => Sum == 0 && Values.IsEmpty;

    public void Clear()
    {
        Sum = 0;
        Values.Clear();
    }
}

/// <summary>
/// Lets a read of many keys go through a single cell: what was merged for a key is handed over when the next one comes, so that only
/// what is made of it has to be kept. Cells of a key come in parts, which add up.
/// </summary>
/// <param name="add">Takes a part; the cell is good until it returns.</param>
sealed class OneCell<TKey>(Action<TKey, Cell> add)
{
    readonly Cell cell = new();
    (bool IsSet, TKey Key) current;

    /// <summary>The cell, for this key's next part.</summary>
    public Cell For(TKey key)
    {
        End();
        current = (true, key);
        return cell;
    }

    /// <summary>Hands over the last part.</summary>
    public void End()
    {
        if (current.IsSet)
            add(current.Key, cell);
        current = default;
        cell.Clear();
    }
}
