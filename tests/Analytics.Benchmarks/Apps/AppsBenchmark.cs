namespace Analytics.Benchmarks.Apps;

/// <summary>
/// How fast are batches of 1 000 facts of apps, how much room do facts of 90 days take, and how long do questions about them take, right
/// after they came and at rest, and when there are very many devices?
/// </summary>
static class AppsBenchmark
{
    const string Part = "Apps";
    const int Days = 90;
    const int MonthOfDevices = 30;
    const int TimesEach = 3;
    const double BytesGoal = 150;
    const double BytesWithIdGoal = 280;
    const int FirstStream = 80_000;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        await IngestAsync(run, withIds: false, cancel);
        await IngestAsync(run, withIds: true, cancel);
        await ReadAsync(run, cancel);
    }

    static async Task IngestAsync(Run run, bool withIds, CancellationToken cancel)
    {
        var part = $"Batch ingest, facts of apps{(withIds ? " with externalId" : "")}";
        run.Start($"{part}: 1 000 facts of an app a batch, {run.Options.Connections} connections, "
            + $"{run.Size.Rounds} rounds of {run.Size.BatchesPerRound} batches");
        await using var service = await run.StartServiceAsync(withIds ? "apps_ids" : "apps", cancel);
        var set = await AppSet.CreateAsync(run, service, "ingest", FirstStream, withIds, DeviceCrowd.Usual(), cancel);
        var lanes = Enumerable.Range(FirstStream + 1, run.Options.Connections)
            .Select(number => new AppLane(run.Options.Seed, number, withIds, DeviceCrowd.Usual())).ToArray();
        await using var rounds = new BatchRounds(run, service, set.Workspace);
        await rounds.RunAsync(lane => AppCopyRows.Batch(lanes[lane], set), cancel);
        rounds.Tell(part, "facts", Goal.RatioAtLeast(0.50));
        await AppReckoning.CheckAsync(run, part, service, set, cancel);
    }

    static async Task ReadAsync(Run run, CancellationToken cancel)
    {
        run.Start($"{Part}: {run.Size.Apps:#,0} facts of {AppWorld.Apps} apps in {Days} days, {run.Size.Devices:#,0} devices a month");
        await using var service = await run.StartServiceAsync("apps_read", cancel);
        var reads = new AppReads(run, Part, service);
        var mixed = await LoadMixedAsync(run, service, reads, cancel);
        var sets = new List<AppSet> { mixed, await LoadMixedAsync(run, service, null, cancel) };
        foreach (var list in AppList.All)
            sets.Add(await LoadListAsync(run, service, list, cancel));
        var (crowds, user) = await LoadCrowdsAsync(run, service, reads, mixed.FactsPerSecond, cancel);
        await reads.AskAtRestAsync(AppScope.Mixed, mixed, mixed.Workspace.Key, cancel);
        await reads.AskAtRestAsync(AppScope.Crowd, crowds[^1], crowds[^1].Workspace.Key, cancel);
        await reads.AskAtRestAsync(AppScope.User, crowds[^1], user, cancel);
        reads.Tell();
        foreach (var set in sets.Concat(crowds))
            await AppReckoning.CheckAsync(run, Part, service, set, cancel);
        await AppReckoning.CheckUserAsync(run, Part, service, user, crowds, cancel);
    }

    /// <summary>All kinds of facts; with ids when nothing is asked about them.</summary>
    static async Task<AppSet> LoadMixedAsync(Run run, ServiceUnderTest service, AppReads? reads, CancellationToken cancel)
    {
        var withIds = reads is null;
        var set = await AppSet.CreateAsync(
            run, service, withIds ? "facts with externalId" : "facts", FirstStream + (withIds ? 101 : 100), withIds, DeviceCrowd.Usual(),
            cancel);
        await MeasureAsync(run, service, set.Name, Goal.AtMost(withIds ? BytesWithIdGoal : BytesGoal), async () =>
        {
            await set.LoadAsync(run, Part, service, run.Size.Apps, Days, only: null, cancel);
            if (reads is not null)
                await reads.AskFreshAsync(AppScope.Mixed, set, set.Workspace.Key, cancel);
            return set.Workspace.Tally.Inserted;
        }, cancel);
        return set;
    }

    /// <summary>As many facts of one kind as all kinds together have of it.</summary>
    static async Task<AppSet> LoadListAsync(Run run, ServiceUnderTest service, AppList list, CancellationToken cancel)
    {
        var stream = FirstStream + 110 + Array.IndexOf(AppList.All, list);
        var set = await AppSet.CreateAsync(run, service, $"{list.Member} only", stream, withIds: false, DeviceCrowd.Usual(), cancel);
        await MeasureAsync(run, service, set.Name, null, async () =>
        {
            await set.LoadAsync(run, Part, service, (long)(run.Size.Apps * list.Share), Days, list, cancel);
            return set.Workspace.Tally.Inserted;
        }, cancel);
        return set;
    }

    /// <summary>
    /// Two workspaces that share half of their devices, each of which came three times in 30 days; and a key of their user.
    /// </summary>
    static async Task<(AppSet[] Sets, string User)> LoadCrowdsAsync(
        Run run, ServiceUnderTest service, AppReads reads, double rate, CancellationToken cancel)
    {
        var devices = Affordable(run, rate);
        var sets = new AppSet[2];
        for (var number = 0; number < sets.Length; number++)
            sets[number] = await AppSet.CreateAsync(
                run, service, $"many devices {number + 1}", FirstStream + 120 + number, withIds: false,
                new DeviceCrowd(number * devices / 2, devices, takeTurns: true), cancel);
        var user = await service.CreateUserAsync([.. sets.Select(set => set.Workspace)], cancel);
        foreach (var set in sets)
            await MeasureAsync(run, service, set.Name, null, async () =>
            {
                await set.LoadAsync(run, Part, service, (long)devices * TimesEach, MonthOfDevices, AppList.Devices, cancel);
                await reads.AskFreshAsync(AppScope.Crowd, set, set.Workspace.Key, cancel);
                if (set == sets[^1])
                    await reads.AskFreshAsync(AppScope.User, set, user, cancel);
                return set.Workspace.Tally.Inserted;
            }, cancel);
        return (sets, user);
    }

    static int Affordable(Run run, double rate)
    {
        var seconds = Math.Max(0, run.TimeLeft.TotalSeconds - 90);
        var devices = Math.Clamp((int)(seconds * rate / (2 * TimesEach)) / 1_000 * 1_000, 1_000, run.Size.Devices);
        if (devices < run.Size.Devices)
            Report.Say($"  {run.Size.Devices:#,0} devices do not fit into the time: {devices:#,0} are used");
        return devices;
    }

    static async Task MeasureAsync(
        Run run, ServiceUnderTest service, string name, Goal? goal, Func<Task<long>> loadAsync, CancellationToken cancel)
    {
        var before = await DiskSpace.MeasureAsync(run.Postgres, service.Database, isBare: false, cancel);
        var facts = await loadAsync();
        await Settling.RestAsync(service, cancel);
        var space = (await DiskSpace.MeasureAsync(run.Postgres, service.Database, isBare: false, cancel)).Since(before);
        run.Report.Add(new(Part, $"on disk at rest, {name}", (double)space.Bytes / facts, "bytes/fact", Goal: goal,
            Note: $"{space.PerTable(facts)}; cells: {space.PerRollup(facts)}", Headline: goal is not null));
    }
}
