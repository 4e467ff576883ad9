using System.Runtime.InteropServices;
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
    /// <param name="Sequence">Its event's number in the workspace.</param>
    /// <param name="Timestamp">In microseconds since 1970.</param>
    /// <param name="Person">Whose event it is.</param>
    /// <param name="Product">The place of its product, 0 for none.</param>
    /// <param name="Mark">What it counts for.</param>
    /// <param name="Value">The place of the distinct value it counts, 0 for none.</param>
    readonly record struct Marked(long Sequence, long Timestamp, int Person, int Product, UnitMark Mark, int Value);

    /// <summary>Texts that come again and again: each is looked up once, by its place.</summary>
    sealed class Places
    {
        readonly Dictionary<byte[], int> places = new(new WorkspaceNames.BytesComparer());

        // Which of them portal keys alone named.
        readonly List<bool> portals = [true];

        /// <summary>The texts by place; the first is none.</summary>
        public List<ReadOnlyMemory<byte>> Texts { get; } = [default];

        /// <summary>The numbers they were given.</summary>
        public int[] Numbers { get; private set; } = [];

        public void Clear()
        {
            places.Clear();
            Texts.RemoveRange(1, Texts.Count - 1);
            portals.RemoveRange(1, portals.Count - 1);
        }

        public int Of(ReadOnlySpan<byte> text, bool isPortals = false)
        {
            if (text.IsEmpty)
                return 0;
            if (places.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(text, out var place))
            {
                portals[place] &= isPortals;
                return place;
            }

            var added = text.ToArray();
            Texts.Add(added);
            portals.Add(isPortals);
            places.Add(added, Texts.Count - 1);
            return Texts.Count - 1;
        }

        public async Task NumberAsync(TextNumbers texts, TextKind kind, CancellationToken cancel) =>
            Numbers = await texts.AssignAsync(kind, Texts.Zip(portals), cancel);
    }

    readonly List<Marked> marked = [];
    readonly List<(long Sequence, long Timestamp, int Product)> named = [];
    readonly List<UnitMark> marks = [];

    // The numbers of each mark.
    readonly List<(int Everybodys, int Persons)> usages = [];

    readonly Places products = new();
    readonly Places values = new();

    readonly CommitFacts everybody = new(UsageFacts.Everybody);
    readonly CommitFacts people = new(UsageFacts.People);
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
    /// <param name="isPortals">Whether a portal key sends it, of a new one.</param>
    public void Add(
        UnitMatch? match, UnitPart part, long sequence, long timestamp, int person, ReadOnlySpan<byte> metadata, ReadOnlySpan<int> kept,
        bool isPortals = false)
    {
        marks.Clear();
        match?.Mark(metadata, sequence, part, kept, marks);
        var product = products.Of(match is null ? UsageFacts.ProductOf(metadata) : match.ProductIn(metadata), isPortals);
        if (product != 0)
            named.Add((sequence, timestamp, product));
        foreach (var mark in marks)
            marked.Add(new(sequence, timestamp, person, product, mark, values.Of(mark.Value)));
    }

    /// <summary>Sees to it that all that was noted has numbers.</summary>
    public async Task NumberAsync(TextNumbers texts, CancellationToken cancel)
    {
        await products.NumberAsync(texts, TextKind.Product, cancel);
        if (texts.AreSomeLate)
            await LeaveWithOthersAsync(texts, cancel);
        await values.NumberAsync(texts, TextKind.UniqueValue, cancel);
        if (Look())
            return;
        var unknown = Unknown().Select(one => (one.Match, one.Units, one.Product, Key: KeyOf(one.Match, one.Units, one.Product, texts)))
            .ToList();
        await texts.AssignAsync(TextKind.UsageKey, unknown.Select(one => (ReadOnlyMemory<byte>)one.Key.ToUtf8()), cancel);
        foreach (var (match, units, product, key) in unknown)
        {
            var number = texts.Of(TextKind.UsageKey, key.ToUtf8());
            match.Numbers[(units, products.Numbers[product])] = number;
            Usages?[number] = key.ToString();
        }

        Look();
    }

    // Events that named a product before it had a number stay with the others, as they were counted.
    async Task LeaveWithOthersAsync(TextNumbers texts, CancellationToken cancel)
    {
        long[] since = [.. products.Texts.Select(text => texts.SinceOf(TextKind.Product, text.Span))];
        var other = products.Of(TextRoom.OtherOf(TextKind.Product));
        await products.NumberAsync(texts, TextKind.Product, cancel);
        foreach (ref var one in CollectionsMarshal.AsSpan(marked))
            if (one.Product < since.Length && one.Sequence <= since[one.Product])
                one = one with { Product = other };
        foreach (ref var one in CollectionsMarshal.AsSpan(named))
            if (one.Product < since.Length && one.Sequence <= since[one.Product])
                one.Product = other;
    }

    /// <summary>Looks up the numbers of usage; false when some are not known yet.</summary>
    bool Look()
    {
        usages.Clear();
        var areKnown = true;
        foreach (var one in marked)
        {
            var (everybodys, persons) = (NumberOf(one, one.Product), NumberOf(one, PeoplesProduct(one)));
            usages.Add((everybodys, persons));
            areKnown &= everybodys != 0 && persons != 0;
        }

        return areKnown;
    }

    HashSet<(UnitMatch Match, UInt128 Units, int Product)> Unknown()
    {
        var unknown = new HashSet<(UnitMatch, UInt128, int)>();
        foreach (var one in marked)
            foreach (var product in (ReadOnlySpan<int>)[one.Product, PeoplesProduct(one)])
                if (NumberOf(one, product) == 0)
                    unknown.Add((one.Mark.Match, one.Mark.Units, product));
        return unknown;
    }

    /// <summary>What it comes to, section by section; the facts have their numbers.</summary>
    /// <param name="writer">What the facts are written with.</param>
    /// <param name="only">The section that is wanted; null for all of them.</param>
    /// <param name="together">Whether those that are counted with it are wanted, too.</param>
    public IEnumerable<(Section Section, int Facts, byte[] Data)> Pack(ByteWriter writer, Section? only = null, bool together = false)
    {
        foreach (var facts in (CommitFacts[])[everybody, people, productFacts])
        {
            if (only is not null && only != facts.Section && !(together && only == facts.Section.CountedWith))
                continue;
            facts.Clear();
            AddTo(facts);
            var data = facts.Pack(writer, out var count);
            yield return (facts.Section, count, data);
        }
    }

    void AddTo(CommitFacts facts)
    {
        if (facts == productFacts)
            foreach (var (_, timestamp, product) in named)
                facts.Add(UsageFacts.Products.KeyOf(timestamp, 0, products.Numbers[product]), UsageFacts.Events, 1);
        else
            for (var at = 0; at < marked.Count; at++)
            {
                var (one, numbers) = (marked[at], usages[at]);
                Count(one, facts, facts == people
                    ? UsageFacts.People.KeyOf(one.Timestamp, numbers.Persons, one.Person)
                    : UsageFacts.Everybody.KeyOf(one.Timestamp, 0, numbers.Everybodys));
            }
    }

    void Count(in Marked one, CommitFacts usage, FactKey key)
    {
        var (mark, amount) = (one.Mark, one.Mark.Amount);
        usage.Add(key, 1, amount is null ? 0 : 1, amount ?? 0);
        usage.AddMember(key, one.Value == 0 ? mark.Kept : values.Numbers[one.Value]);
        if (amount is not { } counted)
            return;
        if (mark.Has(Aggregation.Percentile95))
            usage.AddValue(key, UsageFacts.Field, counted, 1);
        if (mark.Has(Aggregation.Max))
            usage.Reached(key, counted);
    }

    /// <summary>The number of usage of a product; 0 when it is not known.</summary>
    int NumberOf(in Marked one, int product) =>
        one.Mark.Match.Numbers.GetValueOrDefault((one.Mark.Units, products.Numbers[product]));

    /// <summary>The product that is told of a person's usage: none, unless it matters.</summary>
    static int PeoplesProduct(in Marked one) => one.Mark.Match.HangsOnProduct(one.Mark.Units) ? one.Product : 0;

    UsageKey KeyOf(UnitMatch match, UInt128 units, int product, TextNumbers texts) => new(
        [.. match.Of(units).Select(unit => unit.Number).Order()],
        product == 0 ? null : Encoding.UTF8.GetString(
            texts.CountedAs(TextKind.Product, products.Texts[product].Span, products.Numbers[product])));
}
