using System.Globalization;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Verification;

/// <summary>What one key adds up to, once as the stored cells say and once as the raw facts do.</summary>
sealed class Tally
{
    // A list, made when it is needed, as there are very many tallies with a field or two.
    List<(short Field, ValueTally Values)>? fields;
    Int128[] sums = [];
    Int128? maximum;
    SetTally? set;
    long first = long.MaxValue;
    long last = long.MinValue;

    public void Add(Entry entry, bool withValues)
    {
        foreach (var (sum, amount) in entry.Sums)
            Add(sum, amount);
        Reached(entry.Maximum);
        if (!withValues)
            return;
        foreach (var (field, value) in entry.Values)
            if (value != 0)
            {
                Field(field).Sum += value;
                Field(field).Add(value, 1);
            }
    }

    /// <summary>Adds what one stored cell says, but for its set and times.</summary>
    public void Add(Cell stored, bool withValues)
    {
        for (var sum = 0; sum < stored.Rest.Length + 3; sum++)
            Add(sum, stored[sum]);
        Reached(stored.Maximum);
        if (!withValues)
            return;
        foreach (var totals in stored.Fields)
            Field(totals.Field).Add(totals);
    }

    public void AddMember(int number) => (set ??= new SetTally()).Add(number);

    public void AddSet(PersonSet stored) => (set ??= new SetTally()).Add(stored);

    public void AddTimes(long firstTime, long lastTime) => (first, last) = (Math.Min(first, firstTime), Math.Max(last, lastTime));

    void Add(int sum, Int128 amount)
    {
        if (amount == 0)
            return;
        if (sum >= sums.Length)
            Array.Resize(ref sums, Math.Max(3, sum + 1));
        sums[sum] += amount;
    }

    void Reached(Int128? value)
    {
        if (value is not null && !(maximum >= value))
            maximum = value;
    }

    ValueTally Field(short field)
    {
        foreach (var (known, values) in fields ??= [])
            if (known == field)
                return values;
        var tally = new ValueTally();
        fields.Add((field, tally));
        return tally;
    }

    Int128 Sum(int sum) => sum < sums.Length ? sums[sum] : 0;

    /// <summary>Every measure in which the stored tally differs from the counted one.</summary>
    public IEnumerable<(string Measure, object? Stored, object? Counted)> Against(Tally counted, Section? section, FieldNames names)
    {
        for (var sum = 0; sum < Math.Max(sums.Length, counted.sums.Length); sum++)
            if (Sum(sum) != counted.Sum(sum))
                yield return (section?.Sums.ElementAtOrDefault(sum) ?? $"sum {sum}, which there is not", Sum(sum), counted.Sum(sum));
        if (maximum != counted.maximum)
            yield return ("maximum", maximum, counted.maximum);
        if (first != counted.first)
            yield return ("first", Time(first), Time(counted.first));
        if (last != counted.last)
            yield return ("last", Time(last), Time(counted.last));
        if (SetTally.FirstDifference(set, counted.set) is { } members)
            yield return ("set", members.Stored, members.Counted);
        var all = (fields ?? []).Concat(counted.fields ?? []).Select(row => row.Field).Distinct().Order().ToList();
        foreach (var field in all.Where(names.IsChecked))
            foreach (var difference in OfField(Field(field), counted.Field(field), names.NameOf(field)))
                yield return difference;
    }

    static IEnumerable<(string Measure, object? Stored, object? Counted)> OfField(ValueTally stored, ValueTally counted, string name)
    {
        if (stored.Sum != counted.Sum)
            yield return ($"sum of {name}", DecimalUnits.Format(stored.Sum), DecimalUnits.Format(counted.Sum));
        if (stored.FirstDifference(counted) is { } value)
            yield return ($"values of {name}: {value.Value}", value.Stored, value.Counted);
    }

    static string? Time(long time) => time is long.MaxValue or long.MinValue
        ? null
        : Sql.TimeOf(time).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The numeric fields of a workspace: those that are ready are compared, those still being counted are not.</summary>
sealed class FieldNames(IReadOnlyDictionary<short, string> ready, IReadOnlySet<short> unready)
{
    public IReadOnlyDictionary<short, string> Ready => ready;

    // A number nobody registered should not be stored at all.
    public bool IsChecked(short field) => !unready.Contains(field);

    public string NameOf(short field) => ready.GetValueOrDefault(field) ?? $"unregistered field {field}";
}
