using System.Diagnostics;

namespace Analytics.Benchmarks;

/// <summary>What every benchmark of one run shares.</summary>
public sealed record Run(Options Options, PostgresUnderTest Postgres, Report Report)
{
    readonly Stopwatch clock = Stopwatch.StartNew();

    public Size Size => Options.Size;

    public TimeSpan Elapsed => clock.Elapsed;

    public TimeSpan TimeLeft => TimeSpan.FromMinutes(Options.Minutes) - clock.Elapsed;

    /// <summary>A fresh service on a fresh database.</summary>
    public Task<ServiceUnderTest> StartServiceAsync(
        string name, CancellationToken cancel, Dictionary<string, string>? settings = null) =>
        ServiceUnderTest.StartAsync(Postgres, Options, $"bench_{name}", cancel, settings);

    /// <summary>Independent, reproducible streams of events, one a connection.</summary>
    public Lane[] Lanes(Profile profile, int count, int stream) =>
        [.. Enumerable.Range(0, count).Select(lane => new Lane(profile, Options.Seed, stream * 1_000 + lane))];

    public void Start(string part) => Report.Say($"\n{part} ({clock.Elapsed:mm\\:ss})");
}
