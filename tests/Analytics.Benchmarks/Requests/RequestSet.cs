namespace Analytics.Benchmarks.Requests;

/// <summary>A workspace with so many requests of 30 days, and how long its questions took.</summary>
sealed class RequestSet(TestWorkspace workspace, long requests, bool withIds, long from, TrafficLane lane)
{
    const int Days = 30;
    const int Lanes = 4;
    const int FirstLane = 70_000;

    readonly RequestsPost post = new(lane, workspace.Key);

    public TestWorkspace Workspace => workspace;
    public long Requests => requests;
    public bool WithIds => withIds;

    /// <summary>When the first may have been, in microseconds since 1970.</summary>
    public long From => from;

    /// <summary>Right after the load, while the service still puts in order what came.</summary>
    public Answers<RequestQuestion> Fresh { get; } = new();

    public Answers<RequestQuestion> AtRest { get; } = new();

    /// <summary>Questions that were refused: they are not asked again, and have no figures.</summary>
    public HashSet<RequestQuestion> Unanswered { get; } = [];

    public IEnumerable<RequestQuestion> Questions => RequestQuestion.All.Where(question => !Unanswered.Contains(question));

    public string Name => $"{Count(requests)}{(withIds ? " with requestId" : "")}";

    public double RequestsPerSecond { get; private init; }

    public static string Count(long requests) => requests >= 1_000_000 ? $"{requests / 1e6:0.##} M" : $"{requests / 1e3:0.##} k";

    public static async Task<RequestSet> LoadAsync(
        Run run, string part, ServiceUnderTest service, int number, long requests, bool withIds, CancellationToken cancel)
    {
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, $"requests-{number}", registerFields: false, cancel);
        var now = Clock.Microseconds();
        var from = now - Days * TimeSpan.MicrosecondsPerDay;
        var posts = Enumerable.Range(0, Lanes).Select(lane => new RequestsPost(Lane(lane), workspace.Key)).ToArray();
        var memory = new MemoryWatch(service.ProcessId);
        var before = service.Cpu;
        var load = await SteadyLoad.LoadAsync(
            service, workspace, Lanes, (lane, size, start, end) => posts[lane].Batch(size, start, end), requests, from, now, cancel);
        var set = new RequestSet(workspace, requests, withIds, from, Lane(Lanes)) { RequestsPerSecond = load.EventsPerSecond };
        run.Report.Add(new(part, $"load of {set.Name} in batches of 10 000", load.EventsPerSecond, "requests/s",
            Note: (service.Cpu - before).Describe(load.Seconds)));
        run.Report.Add(new(part, $"peak memory, load of {set.Name}", memory.PeakMegabytes, "MB", Goal: Goal.AtMost(500)));
        return set;

        TrafficLane Lane(int lane) => new(run.Options.Seed, FirstLane + number * 100 + lane, withIds);
    }

    /// <summary>Tells of one request of just now.</summary>
    public async Task WriteOneAsync(KeepAlive connection, CancellationToken cancel)
    {
        var now = Clock.Microseconds();
        var answer = await connection.SendAsync(post.Batch(1, now - 1_000_000, now).Bytes, cancel);
        if (answer.Status != 200)
            throw new InvalidOperationException($"A single request was answered {answer.Status}: {answer.Text}");
        workspace.Tally.Acknowledge(answer);
    }
}
