using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Verification;

/// <summary>
/// What raw events count for under billable units, and by the products they name, by the rules of the contract in a way of its own: the
/// whole document is parsed, and numbers are compared as whole ones of a very small unit.
/// </summary>
sealed class RawUsage(StoreSnapshot snapshot)
{
    // No number of an event has more decimals, or a larger exponent.
    const int Places = 900;

    const string Other = "__other__";

    const string NumbersSql = "select hash, number, since from texts where workspace_id = $1 and kind = $2 and hash = any($3)";

    /// <summary>
    /// An event under a unit; what tells the field's value from others is null where nobody asks, or its number was kept.
    /// </summary>
    sealed record Found(RawEvent Event, RawUnit Unit, string Product, Int128? Amount, string? Value, int Kept);

    public async Task CountAsync(IReadOnlyList<RawEvent> events, Action<Entry> add, CancellationToken cancel)
    {
        var (found, named) = (new List<Found>(), new List<(RawEvent Event, string Product)>());
        foreach (var e in events)
            if (e.Metadata is not null || snapshot.Usage.Units.Count > 0)
                Look(e, found, named);
        var products = await NumbersAsync(TextKind.Product, named.Select(one => one.Product).Append(Other), cancel);
        // Without a number are those that there was no room for, up to the event that got them one.
        string Counted(RawEvent e, string product) =>
            product == "" || (products.TryGetValue(product, out var own) && own.Since < e.Sequence) ? product : Other;
        foreach (var (e, product) in named)
            add(new Entry(
                UsageFacts.Products, new FactKey(0, SlotOf(UsageFacts.Products, e), products.GetValueOrDefault(Counted(e, product)).Number),
                (UsageFacts.Events, 1)));
        var values = await NumbersAsync(TextKind.UniqueValue, found.Select(one => one.Value).OfType<string>(), cancel);
        foreach (var one in found)
        {
            var value = one.Value is null ? one.Kept : values.GetValueOrDefault(one.Value).Number;
            var product = Counted(one.Event, one.Product);
            add(EntryOf(one, value, UsageFacts.Everybody, 0, snapshot.Usage.NumberOf(one.Unit.Number, product)));
            add(EntryOf(
                one, value, UsageFacts.People, snapshot.Usage.NumberOf(one.Unit.Number, one.Unit.IsOfType ? product : ""),
                one.Event.Person));
        }
    }

    void Look(RawEvent e, List<Found> found, List<(RawEvent Event, string Product)> named)
    {
        using var document = JsonDocument.Parse(e.Metadata ?? "{}");
        var metadata = document.RootElement;
        var product = metadata.TryGetProperty("product_id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : "";
        if (product != "")
            named.Add((e, product));
        foreach (var unit in snapshot.Usage.Units.Where(unit => unit.EventName == snapshot.TypeName(e.Type)))
        {
            // Of erased people's events what units before the erasure counted was written down: unit and value, one after the other.
            var isKept = e.Kept is { } kept && unit.Number <= kept[0];
            var pair = isKept ? e.Kept![1..].Chunk(2).FirstOrDefault(pair => pair[0] == unit.Number) : null;
            if (isKept ? pair is not null : unit.Filters.EnumerateArray().All(filter => Holds(filter, metadata)))
                found.Add(new(
                    e, unit, product, unit.Aggregation is "COUNT" or "UNIQUE" ? null : RawNumbers.Value(metadata, unit.Field!),
                    unit.Aggregation == "UNIQUE" && !isKept ? Told(RawNumbers.Find(metadata, unit.Field!)) : null, pair?[1] ?? 0));
        }
    }

    Entry EntryOf(Found one, int value, Section section, int first, int second)
    {
        var key = new FactKey(first, SlotOf(section, one.Event), second);
        var entry = new Entry(
            section, key, (UsageFacts.Matches, 1), (UsageFacts.Numbers, one.Amount is null ? 0 : 1),
            (UsageFacts.Sum, one.Amount ?? 0)) { Member = value };
        return (one.Unit.Aggregation, one.Amount) switch
        {
            ("MAX", { } amount) => entry with { Maximum = amount },
            ("PERCENTILE_95", { } amount) => entry with { Values = new Dictionary<short, Int128> { [UsageFacts.Field] = amount } },
            _ => entry,
        };
    }

    int SlotOf(Section section, RawEvent e) => snapshot.Calendar.SlotOf(section.Finest, e.Timestamp);

    async Task<Dictionary<string, (int Number, long Since)>> NumbersAsync(
        TextKind kind, IEnumerable<string> texts, CancellationToken cancel)
    {
        var byHash = texts.Distinct(StringComparer.Ordinal).ToDictionary(text => snapshot.Counters.HashOf(text, KeyKind.Text));
        var numbers = new Dictionary<string, (int Number, long Since)>(StringComparer.Ordinal);
        if (byHash.Count > 0)
            await snapshot.EachAsync(
                NumbersSql, [(short)kind, byHash.Keys.ToArray()],
                row => numbers[byHash[row.GetGuid(0)]] = (row.GetInt32(1), row.GetInt64(2)), cancel);
        return numbers;
    }

    static bool Holds(JsonElement filter, JsonElement metadata)
    {
        var (found, value) = (RawNumbers.Find(metadata, filter.GetProperty("field").GetString()!), filter.GetProperty("value"));
        return filter.GetProperty("operator").GetString() switch
        {
            "EQUALS" => AreEqual(found, value),
            "NOT_EQUALS" => !AreEqual(found, value),
            "IN" => value.EnumerateArray().Any(one => AreEqual(found, one)),
            "NOT_IN" => !value.EnumerateArray().Any(one => AreEqual(found, one)),
            "CONTAINS" => DoesContain(found, value),
            "NOT_CONTAINS" => !DoesContain(found, value),
            "GREATER_THAN" => found is { ValueKind: JsonValueKind.Number } number && Scaled(number) > Scaled(value),
            _ => found is { ValueKind: JsonValueKind.Number } number && Scaled(number) < Scaled(value),
        };
    }

    static bool AreEqual(JsonElement? found, JsonElement value) => found is { } one && one.ValueKind == value.ValueKind
        && one.ValueKind switch
    {
        JsonValueKind.Number => Scaled(one) == Scaled(value),
        JsonValueKind.String => one.GetString() == value.GetString(),
        JsonValueKind.True or JsonValueKind.False => true,
        _ => false,
    };

    static bool DoesContain(JsonElement? found, JsonElement value) =>
        found is { ValueKind: JsonValueKind.String } text && text.GetString()!.Contains(value.GetString()!, StringComparison.Ordinal);

    /// <summary>What tells a value from others: of a number its digits without any that say nothing.</summary>
    static string? Told(JsonElement? found) => found switch
    {
        { ValueKind: JsonValueKind.String } text => "t" + text.GetString(),
        { ValueKind: JsonValueKind.True } => "bt",
        { ValueKind: JsonValueKind.False } => "bf",
        { ValueKind: JsonValueKind.Number } number => "n" + Digits(number),
        _ => null,
    };

    static string Digits(JsonElement number)
    {
        var (digits, exponent) = (Scaled(number), -Places);
        if (digits.IsZero)
            return "0";
        for (; (digits % 10).IsZero; exponent++)
            digits /= 10;
        if (RawNumbers.Units(number.GetRawText()) is null)
            return string.Create(CultureInfo.InvariantCulture, $"{digits}e{exponent}");
        var text = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture);
        text = exponent >= 0
            ? text + new string('0', exponent)
            : text.PadLeft(1 - exponent, '0').Insert(Math.Max(1, text.Length + exponent), ".");
        return (digits.Sign < 0 ? "-" : "") + text;
    }

    static BigInteger Scaled(JsonElement number)
    {
        var parts = number.GetRawText().Split('e', 'E');
        var (mantissa, exponent) = (parts[0], parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : mantissa.Length - point - 1;
        return BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            * BigInteger.Pow(10, Places + exponent - decimals);
    }
}
