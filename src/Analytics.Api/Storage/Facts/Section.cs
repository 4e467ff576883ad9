using System.Diagnostics.CodeAnalysis;
using Analytics.Storage.Cells;

namespace Analytics.Storage.Facts;

/// <summary>Something facts are grouped by: its texts have numbers, 0 is none.</summary>
/// <param name="Name">What <c>verify</c> calls it.</param>
/// <param name="Of">Where two dimensions share one number: the dimension that this is some bits of.</param>
/// <param name="Shift">How many bits stand behind it.</param>
/// <param name="Bits">How many it has itself.</param>
sealed record Dimension(string Name, Dimension? Of = null, int Shift = 0, int Bits = 31)
{
    /// <summary>Nothing to group by: all facts stand together.</summary>
    public static readonly Dimension None = new("none");
    public static readonly Dimension Person = new("person");
    public static readonly Dimension EventType = new("event type");
    public static readonly Dimension Share = new("share");

    /// <summary>An endpoint together with a status code.</summary>
    public static readonly Dimension EndpointStatus = new("endpoint and status");
    public static readonly Dimension Endpoint = new("endpoint", EndpointStatus, StatusBits);
    public static readonly Dimension Status = new("status", EndpointStatus, Bits: StatusBits);

    public static readonly Dimension App = new("app");
    public static readonly Dimension Viewer = new("viewer");
    public static readonly Dimension Device = new("device");

    /// <summary>Product, vendor, model, category and subscription of a cost.</summary>
    public static readonly Dimension CostKey = new("cost key");

    /// <summary>Severity and category in the event log.</summary>
    public static readonly Dimension LogClass = new("log class");

    /// <summary>A tool together with the server that has it.</summary>
    public static readonly Dimension Tool = new("tool");
    public static readonly Dimension Agent = new("agent");
    public static readonly Dimension Session = new("session");

    /// <summary>What an event counts for: billable units that it matches together, and its product.</summary>
    public static readonly Dimension Usage = new("usage");
    public static readonly Dimension Product = new("product");

    public const int StatusBits = 10;

    /// <summary>Its own part of a number that the key holds.</summary>
    public int PartOf(int number) => Of is null ? number : (number >> Shift) & (int)((1u << Bits) - 1);
}

/// <summary>Which fact it is that something is added up under: a slot of the section's finest grain and a number per dimension.</summary>
readonly record struct FactKey(int First, int Slot, int Second) : IComparable<FactKey>
{
    /// <summary>The number of the dimension at a place of the section's key; 0 at place -1.</summary>
    public int At(int place) => place switch { 0 => First, 1 => Second, _ => 0 };

    public int CompareTo(FactKey other)
    {
        if (First != other.First)
            return First.CompareTo(other.First);
        return Slot != other.Slot ? Slot.CompareTo(other.Slot) : Second.CompareTo(other.Second);
    }

    public static bool operator <(FactKey one, FactKey other) => one.CompareTo(other) < 0;
    public static bool operator >(FactKey one, FactKey other) => one.CompareTo(other) > 0;
    public static bool operator <=(FactKey one, FactKey other) => one.CompareTo(other) <= 0;
    public static bool operator >=(FactKey one, FactKey other) => one.CompareTo(other) >= 0;
}

/// <summary>What a commit adds to the rollups, one row of <c>rollup_deltas</c> a section: sums by the same key.</summary>
/// <param name="id">Its number in <c>rollup_deltas</c> and <c>rollup_runs</c>.</param>
/// <param name="name">What <c>verify</c> calls it.</param>
/// <param name="finest">The grain of its facts: minutes, quarter hours, or days in UTC.</param>
/// <param name="key">One dimension or two; facts are sorted by the first, time, and the other. Of three, two get a common number.</param>
/// <param name="sums">What the sums of its cells mean, in their order.</param>
sealed class Section(short id, string name, Grain finest, Dimension[] key, string[] sums)
{
    FactKind? kind;

    public short Id => id;
    public string Name => name;
    public Grain Finest => finest;
    public IReadOnlyList<Dimension> Key => key;
    public IReadOnlyList<string> Sums => sums;

    /// <summary>Whether its facts' cells have sets themselves: rollups over it keep them.</summary>
    public bool HasSets { get; init; }

    /// <summary>
    /// Whether facts count for the person whom they name themselves, and for nobody else, so that those of some people may be counted anew
    /// alone.
    /// </summary>
    public bool IsOfPeople { get; init; }

    /// <summary>Whether some of it stands at other times than those of its raw facts: what runs out by itself has none.</summary>
    public bool CountsElsewhen { get; init; }

    /// <summary>Whether raw facts are counted anew more quickly where numeric fields are not wanted.</summary>
    public bool HasQuickSums { get; init; }

    /// <summary>The section whose recount counts this one, too, where both are wanted: itself, unless it is said.</summary>
    [field: AllowNull]
    public Section CountedWith
    {
        get => field ?? this;
        init;
    }

    /// <summary>The kind of fact that adds to it.</summary>
    public FactKind Kind
    {
        get => kind ?? throw new InvalidOperationException($"No kind of fact adds to the section '{name}'.");
        internal set => kind = value;
    }

    /// <summary>The place of a dimension in the key, or of what it is a part of; -1 when it is not in it.</summary>
    public int PlaceOf(Dimension dimension) =>
        Array.FindIndex(key, held => held == dimension || (dimension.Of is { } whole && held == whole));

    /// <summary>The key of a fact at a time in microseconds since 1970.</summary>
    public FactKey KeyOf(long timestamp, int first, int second = 0) =>
        new(first, Timeline.SlotOf(finest, timestamp), second);
}
