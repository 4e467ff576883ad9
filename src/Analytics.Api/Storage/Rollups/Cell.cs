using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>
/// What a rollup knows under one key: counts, times, people and the totals of numeric fields. Cells add up: any number of them
/// can be merged in any order, and negative parts (a root's former value) cancel what they take back.
/// </summary>
sealed class Cell
{
    /// <summary>Events of any rank, at their own time and person.</summary>
    public long Events { get; set; }

    /// <summary>Events without a parent.</summary>
    public long Roots { get; set; }

    /// <summary>Earliest and latest event in microseconds; kept only where <see cref="HasTimes"/>.</summary>
    public long First { get; set; } = long.MaxValue;
    public long Last { get; set; } = long.MinValue;

    /// <summary>Sum of <c>_cost.amount</c> over the events themselves, at their own time, in units of 1e-12.</summary>
    public Int128 OwnCost { get; set; }

    /// <summary>The people behind the roots; null where the key says who it is.</summary>
    public PersonSet? People { get; set; }

    /// <summary>Per field, what whole traces add up to, at their root's time and person; in the fields' order.</summary>
    public List<FieldTotals> Fields { get; } = [];

    /// <summary>By <see cref="Measure"/>; kept where shares and payments are counted, else null.</summary>
    public Int128[]? Measures { get; private set; }

    public bool HasTimes => Last >= First;

    /// <summary>Whether it adds nothing to any other cell.</summary>
    public bool IsEmpty => Events == 0 && Roots == 0 && OwnCost == 0 && !HasTimes && People is null or { Count: 0 }
        && Fields.Count == 0 && Measures?.Any(amount => amount != 0) != true;

    public FieldTotals? Field(short field)
    {
        foreach (var totals in Fields)
            if (totals.Field == field)
                return totals;
        return null;
    }

    /// <summary>The field's totals, made when missing.</summary>
    public FieldTotals Totals(short field)
    {
        var at = 0;
        while (at < Fields.Count && Fields[at].Field < field)
            at++;
        if (at == Fields.Count || Fields[at].Field != field)
            Fields.Insert(at, new FieldTotals(field));
        return Fields[at];
    }

    public void Seen(long first, long last)
    {
        First = Math.Min(First, first);
        Last = Math.Max(Last, last);
    }

    public void Add(Measure measure, Int128 amount) => (Measures ??= new Int128[Rollups.Measures.Count])[(int)measure] += amount;

    public void AddPerson(int person)
    {
        if (person != 0)
            (People ??= new PersonSet()).Add(person);
    }

    public void Clear()
    {
        (Events, Roots, OwnCost, People, Measures) = (0, 0, 0, null, null);
        (First, Last) = (long.MaxValue, long.MinValue);
        Fields.Clear();
    }

    public void Merge(Cell other)
    {
        Events += other.Events;
        Roots += other.Roots;
        OwnCost += other.OwnCost;
        Seen(other.First, other.Last);
        if (other.People is { } people)
            (People ??= new PersonSet()).UnionWith(people);
        if (other.Measures is { } measures)
            for (var measure = 0; measure < measures.Length; measure++)
                Add((Measure)measure, measures[measure]);
        foreach (var theirs in other.Fields)
        {
            var ours = Totals(theirs.Field);
            ours.Sum += theirs.Sum;
            ours.Values.Merge(theirs.Values);
        }
    }
}

/// <summary>One field of a <see cref="Cell"/>: the sum over traces and the distribution of the traces' values, zeros left out.</summary>
sealed class FieldTotals(short field)
{
    public short Field { get; } = field;
    public Int128 Sum { get; set; }
    public ValueBag Values { get; } = new();
}
