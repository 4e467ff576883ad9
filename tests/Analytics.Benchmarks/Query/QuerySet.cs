namespace Analytics.Benchmarks.Query;

/// <summary>A workspace with so many events, and what was measured of it.</summary>
sealed record QuerySet(string Name, TestWorkspace Workspace, Lane Lane, int Key, DateTime From, DateTime To)
{
    public Answers<AdHocQuestion> Rollups { get; } = new();

    /// <summary>Events a second of every answer, by who gave it.</summary>
    public Dictionary<(AdHocQuestion Question, string Who), List<double>> Speeds { get; } = [];

    /// <summary>Questions that ran out of time, and how many events those took in.</summary>
    public Dictionary<AdHocQuestion, long> Partial { get; } = [];

    public long Events => Workspace.Tally.Inserted;

    /// <summary>All of the events, and no range twice.</summary>
    public DateTime FromOf(int variant) => From.AddSeconds(-variant);

    public void Add(AdHocQuestion question, string who, double eventsPerSecond)
    {
        if (!Speeds.TryGetValue((question, who), out var known))
            Speeds[(question, who)] = known = [];
        known.Add(eventsPerSecond);
    }

    public double? Speed(AdHocQuestion question, string who) =>
        Speeds.TryGetValue((question, who), out var known) ? Spread.Median(known) : null;
}
