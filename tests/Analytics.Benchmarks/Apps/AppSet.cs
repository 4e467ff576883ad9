namespace Analytics.Benchmarks.Apps;

/// <summary>A workspace with its apps, what was told of them, and how long its questions took.</summary>
sealed class AppSet(string name, TestWorkspace workspace, Guid[] apps, AppLane lane, DeviceCrowd crowd)
{
    readonly AppsPost post = new(workspace.Key, apps);

    public string Name => name;
    public TestWorkspace Workspace => workspace;
    public IReadOnlyList<Guid> Apps => apps;
    public AppLane Lane => lane;
    public AppLedger Ledger { get; } = new(crowd);

    public double FactsPerSecond { get; private set; }

    /// <summary>A new workspace with all its apps and nothing told of them; <paramref name="stream"/> is a number of its own.</summary>
    public static async Task<AppSet> CreateAsync(
        Run run, ServiceUnderTest service, string name, int stream, bool withIds, DeviceCrowd crowd, CancellationToken cancel)
    {
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, $"apps-{stream}", registerFields: false, cancel);
        var apps = new Guid[AppWorld.Apps];
        for (var app = 0; app < apps.Length; app++)
        {
            var made = await service.PostAsync(
                workspace, "/api/apps", new { natural_id = AppWorld.NaturalId(app), name = AppWorld.NaturalId(app) }, cancel);
            apps[app] = made.GetProperty("id").GetGuid();
        }

        return new(name, workspace, apps, new AppLane(run.Options.Seed, stream, withIds, crowd), crowd);
    }

    /// <summary>Tells of so many facts, day by day as they would come; of one list only when it is named.</summary>
    public async Task LoadAsync(
        Run run, string part, ServiceUnderTest service, long facts, int days, AppList? only, CancellationToken cancel)
    {
        var load = new AppLoad(this, AppLoad.Plan(facts, days, only));
        var memory = new MemoryWatch(service.ProcessId);
        var before = service.Cpu;
        var result = await ClosedLoop.RunAsync(service.Port, AppLoad.Connections, load.Next, workspace.Tally, cancel);
        FactsPerSecond = result.EventsPerSecond;
        run.Report.Add(new(part, $"load of {name}", FactsPerSecond, "facts/s",
            Note: $"{result.Events:#,0} facts in requests of {(double)result.Events / result.Milliseconds.Length:0}; "
                + (service.Cpu - before).Describe(result.Seconds)));
        run.Report.Add(new(part, $"peak memory, load of {name}", memory.PeakMegabytes, "MB", Goal: Goal.AtMost(500)));
    }

    /// <summary>Tells of one fact of just now.</summary>
    public async Task WriteOneAsync(KeepAlive connection, AppList list, CancellationToken cancel)
    {
        var now = Clock.Microseconds();
        var app = lane.NextApp();
        var sample = lane.Next(list, now - 1_000_000, now);
        post.Start(app, list);
        post.Add(sample);
        Ledger.Add(list, app, sample);
        var answer = await connection.SendAsync(post.Finish().Bytes, cancel);
        if (answer.Status != 200)
            throw new InvalidOperationException($"A single fact was answered {answer.Status}: {answer.Text}");
        workspace.Tally.Acknowledge(answer);
    }
}
