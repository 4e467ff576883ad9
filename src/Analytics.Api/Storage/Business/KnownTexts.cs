namespace Analytics.Storage.Business;

/// <summary>What a text is, in <c>texts</c>. Those of persons are known by their hash alone.</summary>
enum TextKind : short
{
    Product = 1,
    UsageKey = 2,

    /// <summary>What costs are told apart by.</summary>
    CostKey = 3,
    Tool = 4,
    Agent = 5,

    /// <summary>Known by its hash alone, as are visitors and unique values.</summary>
    Session = 6,
    Visitor = 7,
    UniqueValue = 8,
}

/// <summary>A writer's numbers of the texts of a workspace, by their hashes.</summary>
sealed class KnownTexts
{
    readonly Dictionary<(TextKind Kind, UInt128 Hash), int> numbers = [];
    readonly Dictionary<(TextKind Kind, UInt128 Hash), long> since = [];

    public int Count => numbers.Count;

    /// <summary>The number; 0 when this writer has not met the text.</summary>
    public int Find(TextKind kind, UInt128 hash) => numbers.GetValueOrDefault((kind, hash));

    /// <summary>The last event that names the text among those that there was no room for; 0 for none.</summary>
    public long SinceOf(TextKind kind, UInt128 hash) => since.GetValueOrDefault((kind, hash));

    /// <summary>Whether some text had no number when events named it first.</summary>
    public bool AreSomeLate => since.Count > 0;

    public void Add(TextKind kind, UInt128 hash, int number, long since = 0)
    {
        numbers[(kind, hash)] = number;
        if (since > 0)
            this.since[(kind, hash)] = since;
    }
}

/// <summary>
/// Numbers for texts that have none, for as long as a question takes: nobody else has them, and nothing is written. Units that an event
/// matches together today need not have been together when it was written.
/// </summary>
sealed class LentTexts
{
    int lent;

    public KnownTexts Known { get; } = new();

    /// <summary>Who reads for the question on one of two connections takes it while numbers are given out, and used.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>What the numbers of usage stand for.</summary>
    public Dictionary<int, string> Usages { get; } = [];

    public int Next() => int.MaxValue - ++lent;
}
