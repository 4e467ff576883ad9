using System.Text;
using Analytics.Sketches;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Business;

/// <summary>
/// What events add to the sections of usage: noted event by event, numbered together, then packed. New events and raw ones are counted
/// alike.
/// </summary>
sealed class UsageCount
{
    /// <param name="Timestamp">In microseconds since 1970.</param>
    /// <param name="Person">Whose event it is.</param>
    /// <param name="Product">The place of its product, 0 for none.</param>
    /// <param name="Mark">What it counts for.</param>
    /// <param name="Value">The place of the distinct value it counts, 0 for none.</param>
    readonly record struct Marked(long Timestamp, int Person, int Product, UnitMark Mark, int Value);

    /// <summary>Texts that come again and again: each is looked up once, by its place.</summary>
    sealed class Places
    {
        readonly Dictionary<byte[], int> places = new(new WorkspaceNames.BytesComparer());

        /// <summary>The texts by place; the first is none.</summary>
        public List<ReadOnlyMemory<byte>> Texts { get; } = [default];

        /// <summary>The numbers they were given.</summary>
        public int[] Numbers { get; private set; } = [];

        public void Clear()
        {
            places.Clear();
            Texts.RemoveRange(1, Texts.Count - 1);
        }

        public int Of(ReadOnlySpan<byte> text)
        {
            if (text.IsEmpty)
                return 0;
            if (places.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(text, out var place))
                return place;
            var added = text.ToArray();
            Texts.Add(added);
            places.Add(added, Texts.Count - 1);
            return Texts.Count - 1;
        }

        public async Task NumberAsync(TextNumbers texts, TextKind kind, CancellationToken cancel) =>
            Numbers = await texts.AssignAsync(kind, Texts, cancel);
    }

    readonly List<Marked> marked = [];
    readonly List<(long Timestamp, int Product)> named = [];
    readonly List<UnitMark> marks = [];

    // The number of each mark.
    readonly List<int> usages = [];

    readonly Places products = new();
    readonly Places values = new();

    readonly CommitFacts usage = new(UsageFacts.Section);
    readonly CommitFacts productFacts = new(UsageFacts.Products);

    /// <summary>Learns what the numbers of usage stand for, where somebody wants to know.</summary>
    public Dictionary<int, string>? Usages { get; init; }

    public void Clear()
    {
        marked.Clear();
        named.Clear();
        products.Clear();
        values.Clear();
    }

    /// <summary>Notes an event.</summary>
    /// <param name="match">The units of its name; null when there are none.</param>
    /// <param name="part">Which events count under them.</param>
    /// <param name="sequence">Its number in the workspace.</param>
    /// <param name="timestamp">In microseconds since 1970.</param>
    /// <param name="person">Whose it is.</param>
    /// <param name="metadata">Its metadata as JSON; empty for none.</param>
    /// <param name="kept">What was kept of an erased person's event.</param>
    public void Add(
        UnitMatch? match, UnitPart part, long sequence, long timestamp, int person, ReadOnlySpan<byte> metadata, ReadOnlySpan<int> kept)
    {
        marks.Clear();
        match?.Mark(metadata, sequence, part, kept, marks);
        var product = products.Of(match is null ? UsageFacts.ProductOf(metadata) : match.ProductIn(metadata));
        if (product != 0)
            named.Add((timestamp, product));
        foreach (var mark in marks)
            marked.Add(new(timestamp, person, product, mark, values.Of(mark.Value)));
    }

    /// <summary>Sees to it that all that was noted has numbers.</summary>
    public async Task NumberAsync(TextNumbers texts, CancellationToken cancel)
    {
        await products.NumberAsync(texts, TextKind.Product, cancel);
        await values.NumberAsync(texts, TextKind.UniqueValue, cancel);
        usages.Clear();
        foreach (var one in marked)
            usages.Add(one.Mark.Match.Numbers.GetValueOrDefault(KeyOf(one)));
        if (!usages.Contains(0))
            return;
        var unknown = marked.Where((_, at) => usages[at] == 0).DistinctBy(one => (one.Mark.Match, KeyOf(one)))
            .Select(one => (Marked: one, Key: UsageKeyOf(one))).ToList();
        await texts.AssignAsync(TextKind.UsageKey, unknown.Select(one => (ReadOnlyMemory<byte>)one.Key.ToUtf8()), cancel);
        foreach (var (one, key) in unknown)
        {
            var number = texts.Of(TextKind.UsageKey, key.ToUtf8());
            one.Mark.Match.Numbers.Add(KeyOf(one), number);
            Usages?[number] = key.ToString();
        }

        for (var at = 0; at < usages.Count; at++)
            if (usages[at] == 0)
                usages[at] = marked[at].Mark.Match.Numbers[KeyOf(marked[at])];
    }

    /// <summary>What it comes to, section by section; the facts have their numbers.</summary>
    public IEnumerable<(Section Section, int Facts, byte[] Data)> Pack(ByteWriter writer)
    {
        usage.Clear();
        productFacts.Clear();
        for (var at = 0; at < marked.Count; at++)
            Count(marked[at], usages[at]);
        foreach (var (timestamp, product) in named)
            productFacts.Add(UsageFacts.Products.KeyOf(timestamp, 0, products.Numbers[product]), UsageFacts.Events, 1);
        foreach (var facts in (CommitFacts[])[usage, productFacts])
        {
            var data = facts.Pack(writer, out var count);
            yield return (facts.Section, count, data);
        }
    }

    void Count(in Marked one, int number)
    {
        var (mark, amount) = (one.Mark, one.Mark.Amount);
        var key = UsageFacts.Section.KeyOf(one.Timestamp, number, one.Person);
        usage.Add(key, 1, amount is null ? 0 : 1, amount ?? 0);
        usage.AddMember(key, one.Value == 0 ? mark.Kept : values.Numbers[one.Value]);
        if (amount is not { } counted)
            return;
        if (mark.Has(Aggregation.Percentile95))
            usage.AddValue(key, UsageFacts.Field, counted, 1);
        if (mark.Has(Aggregation.Max))
            usage.Reached(key, counted);
    }

    (UInt128 Units, int Product) KeyOf(in Marked one) => (one.Mark.Units, products.Numbers[one.Product]);

    UsageKey UsageKeyOf(in Marked one) => new(
        [.. one.Mark.Match.Of(one.Mark.Units).Select(unit => unit.Number).Order()],
        one.Product == 0 ? null : Encoding.UTF8.GetString(products.Texts[one.Product].Span));
}
