namespace Analytics.Benchmarks;

/// <summary>How fast are batches of 1 000 events?</summary>
public static class IngestBenchmark
{
    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        foreach (var profile in run.Options.Profiles)
            await RunAsync(run, profile, cancel);
    }

    static async Task RunAsync(Run run, Profile profile, CancellationToken cancel)
    {
        var part = $"Batch ingest, {profile.Name}";
        run.Start($"{part}: 1 000 events a request, {run.Options.Connections} connections, "
            + $"{run.Size.Rounds} rounds of {run.Size.BatchesPerRound} batches");
        await using var service = await run.StartServiceAsync($"ingest_{profile.Name}", cancel);
        var workspace = await service.CreateWorkspaceAsync(profile, "ingest", run.Options.RegisterFields, cancel);
        var lanes = run.Lanes(profile, run.Options.Connections, stream: 1);
        await using var rounds = new BatchRounds(run, service, workspace);
        await rounds.RunAsync(lane => PreparedBatch.Make(lanes[lane], workspace.Key), cancel);
        rounds.Tell(part, "events", Goal.RatioAtLeast(profile == Profile.Typical ? 0.40 : 0.25));
        await DiskSpace.TellAsync(run, part, service.Database, rounds.BareDatabase, workspace.Tally.Inserted, cancel);
        await Reckoning.CheckAsync(run, part, service, workspace, cancel);
    }
}
