using System.Globalization;
using Analytics.Sketches;
using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>What one key adds up to, once as the stored cells say and once as the raw events do.</summary>
sealed class Tally
{
    public long Events { get; set; }
    public long Roots { get; set; }
    public Int128 OwnCost { get; set; }
    public long First { get; private set; } = long.MaxValue;
    public long Last { get; private set; } = long.MinValue;
    public PersonTally? People { get; private set; }

    // A list, as there are very many tallies with a field or two.
    readonly List<(short Field, ValueTally Values)> fields = [];
    Int128[]? measures;

    public void Add(long events, Int128 cost)
    {
        Events += events;
        OwnCost += cost;
    }

    public void Add(Measure measure, Int128 amount) => (measures ??= new Int128[Measures.Count])[(int)measure] += amount;

    public void AddPerson(int person)
    {
        if (person != 0)
            (People ??= new PersonTally()).Add(person);
    }

    public void AddTrace(IReadOnlyDictionary<short, Int128> sums)
    {
        foreach (var (field, sum) in sums)
            if (sum != 0)
            {
                Field(field).Sum += sum;
                Field(field).Add(sum, 1);
            }
    }

    public void AddTimes(long first, long last)
    {
        First = Math.Min(First, first);
        Last = Math.Max(Last, last);
    }

    /// <summary>Adds what one stored cell says.</summary>
    public void Add(Cell stored)
    {
        Events += stored.Events;
        Roots += stored.Roots;
        OwnCost += stored.OwnCost;
        if (stored.HasTimes)
            AddTimes(stored.First, stored.Last);
        if (stored.People is { Count: > 0 } people)
            (People ??= new PersonTally()).Add(people);
        for (var measure = 0; measure < stored.Measures?.Length; measure++)
            Add((Measure)measure, stored.Measures[measure]);
        foreach (var totals in stored.Fields)
            Field(totals.Field).Add(totals);
    }

    ValueTally Field(short field)
    {
        foreach (var (known, values) in fields)
            if (known == field)
                return values;
        var tally = new ValueTally();
        fields.Add((field, tally));
        return tally;
    }

    /// <summary>Every measure in which the stored tally differs from the counted one.</summary>
    public IEnumerable<(string Measure, object Stored, object Counted)> Against(Tally counted, FieldNames names)
    {
        if (Events != counted.Events)
            yield return ("events", Events, counted.Events);
        if (Roots != counted.Roots)
            yield return ("roots", Roots, counted.Roots);
        if (OwnCost != counted.OwnCost)
            yield return ("own cost", DecimalUnits.Format(OwnCost), DecimalUnits.Format(counted.OwnCost));
        if (First != counted.First)
            yield return ("first", Time(First), Time(counted.First));
        if (Last != counted.Last)
            yield return ("last", Time(Last), Time(counted.Last));
        if (PersonTally.FirstDifference(People, counted.People) is { } people)
            yield return ("people", people.Stored, people.Counted);
        for (var measure = 0; measure < Measures.Count; measure++)
            if ((measures?[measure] ?? 0) is var stored && (counted.measures?[measure] ?? 0) is var sum && stored != sum)
                yield return ($"{(Measure)measure}", stored, sum);
        foreach (var field in fields.Concat(counted.fields).Select(f => f.Field).Distinct().Where(names.IsChecked).Order().ToList())
            foreach (var difference in OfField(Field(field), counted.Field(field), names.NameOf(field)))
                yield return difference;
    }

    static IEnumerable<(string Measure, object Stored, object Counted)> OfField(ValueTally stored, ValueTally counted, string name)
    {
        if (stored.Sum != counted.Sum)
            yield return ($"sum of {name}", DecimalUnits.Format(stored.Sum), DecimalUnits.Format(counted.Sum));
        if (stored.FirstDifference(counted) is { } value)
            yield return ($"traces with {name} {value.Value}", value.Stored, value.Counted);
    }

    static string Time(long microseconds) => microseconds is long.MaxValue or long.MinValue
        ? "none"
        : DateTime.UnixEpoch.AddTicks(microseconds * 10).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The numeric fields of a workspace: those that are ready are compared, those still being counted are not.</summary>
sealed class FieldNames(IReadOnlyDictionary<short, string> ready, IReadOnlySet<short> unready)
{
    public IReadOnlyDictionary<short, string> Ready => ready;

    // A number nobody registered should not be stored at all.
    public bool IsChecked(short field) => !unready.Contains(field);

    public string NameOf(short field) => ready.GetValueOrDefault(field) ?? $"unregistered field {field}";
}
