namespace Analytics.Storage.Business;

/// <summary>
/// Numbers for texts that have none, for as long as a question takes: nobody else has them, and nothing is written. Units that an event
/// matches together today need not have been together when it was written.
/// </summary>
sealed class LentTexts
{
    int lent;

    public KnownTexts Known { get; } = new();

    /// <summary>What the numbers of usage stand for.</summary>
    public Dictionary<int, UsageKey> Keys { get; } = [];

    public int Next() => int.MaxValue - ++lent;
}
