using System.Diagnostics;

namespace Analytics.Benchmarks.Requests;

/// <summary>
/// How fast are batches of 1 000 API requests, how much room do requests take, and how long do questions about 30 days of them take, right
/// after they came and at rest, and when there are ten times as many?
/// </summary>
static class RequestsBenchmark
{
    const string Part = "API requests";
    const double SecondsOfRows = 4e-6;
    const double BytesGoal = 250;
    const double BytesWithIdGoal = 380;

    public static async Task RunAsync(Run run, CancellationToken cancel)
    {
        await IngestAsync(run, withIds: false, cancel);
        await IngestAsync(run, withIds: true, cancel);
        await ReadAsync(run, cancel);
    }

    static async Task IngestAsync(Run run, bool withIds, CancellationToken cancel)
    {
        var part = $"Batch ingest, API requests{(withIds ? " with requestId" : "")}";
        run.Start($"{part}: 1 000 requests a batch, {run.Options.Connections} connections, "
            + $"{run.Size.Rounds} rounds of {run.Size.BatchesPerRound} batches");
        await using var service = await run.StartServiceAsync(withIds ? "requests_ids" : "requests", cancel);
        var workspace = await service.CreateWorkspaceAsync(Profile.Typical, "requests", registerFields: false, cancel);
        var from = Clock.Microseconds();
        var lanes = Enumerable.Range(60_000, run.Options.Connections)
            .Select(number => new TrafficLane(run.Options.Seed, number, withIds)).ToArray();
        await using var rounds = new BatchRounds(run, service, workspace);
        await rounds.RunAsync(lane => RequestCopyRows.Batch(lanes[lane], workspace.Key), cancel);
        rounds.Tell(part, "requests", Goal.RatioAtLeast(0.50));
        await RequestReckoning.CheckAsync(run, part, service, workspace, from, withIds, cancel);
    }

    static async Task ReadAsync(Run run, CancellationToken cancel)
    {
        run.Start($"{Part}: {string.Join(" and ", run.Size.Requests.Select(RequestSet.Count))} requests of 30 days");
        await using var service = await run.StartServiceAsync("requests_read", cancel);
        var sets = new List<RequestSet>();
        foreach (var wanted in run.Size.Requests)
        {
            var requests = sets.Count == 0 ? wanted : Affordable(run, wanted, sets[^1].RequestsPerSecond, loads: 2);
            if (sets.Count > 0 && requests <= sets[^1].Requests)
                break;
            sets.Add(await LoadAsync(run, service, sets.Count, requests, withIds: false, cancel));
        }

        await AskAsync(run, service, sets, set => set.AtRest, Enumerable.Range(0, 1 + run.Size.RequestsPerQuestion), cancel);
        await AskRowsAsync(run, service, sets, cancel);
        RequestFigures.Tell(run.Report, Part, sets);
        var withIds = Affordable(run, sets[^1].Requests, sets[^1].RequestsPerSecond, loads: 1);
        if (withIds > 0)
            sets.Add(await LoadAsync(run, service, sets.Count, withIds, withIds: true, cancel));
        foreach (var set in sets)
            await RequestReckoning.CheckAsync(run, Part, service, set.Workspace, set.From, set.WithIds, cancel);
    }

    /// <summary>What of the wanted requests can be loaded so many times, and asked about, in the time left.</summary>
    static long Affordable(Run run, long wanted, double rate, int loads)
    {
        var seconds = run.TimeLeft.TotalSeconds - 60;
        var requests = Math.Max(0, (long)(seconds / (loads / rate + SecondsOfRows)) / 10_000 * 10_000);
        if (requests < wanted)
            Report.Say($"  {RequestSet.Count(wanted)} requests do not fit into the time: {RequestSet.Count(requests)} are used");
        return Math.Min(wanted, requests);
    }

    static async Task<RequestSet> LoadAsync(
        Run run, ServiceUnderTest service, int number, long requests, bool withIds, CancellationToken cancel)
    {
        var before = await DiskSpace.MeasureAsync(run.Postgres, service.Database, isBare: false, cancel);
        var set = await RequestSet.LoadAsync(run, Part, service, number, requests, withIds, cancel);
        // The first set's questions are the first of their kind: that code gets compiled belongs to no figure.
        var variants = Enumerable.Range(0, 1 + Math.Max(2, run.Size.RequestsPerQuestion / 4)).Skip(number == 0 ? 0 : 1);
        if (!withIds)
            await AskAsync(run, service, [set], asked => asked.Fresh, variants, cancel);
        await Settling.RestAsync(service, cancel);
        var space = (await DiskSpace.MeasureAsync(run.Postgres, service.Database, isBare: false, cancel)).Since(before);
        run.Report.Add(new(Part, $"on disk at rest, {set.Name}", (double)space.Bytes / requests, "bytes/request",
            Goal: Goal.AtMost(withIds ? BytesWithIdGoal : BytesGoal),
            Note: $"{space.PerTable(requests)}; cells: {space.PerRollup(requests)}", Headline: true));
        return set;
    }

    // Data sets and questions take turns, so that a slow moment of the machine hits all alike. Variant 0 warms up.
    static async Task AskAsync(
        Run run, ServiceUnderTest service, List<RequestSet> sets, Func<RequestSet, Answers<RequestQuestion>> answers, IEnumerable<int> variants,
        CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        foreach (var variant in variants)
            foreach (var question in RequestQuestion.All)
                foreach (var set in sets.Where(set => !set.Unanswered.Contains(question)))
                {
                    await set.WriteOneAsync(connection, cancel);
                    var request = question.Request(variant, set.Workspace.Key);
                    var started = Stopwatch.GetTimestamp();
                    var answer = await connection.SendAsync(request, cancel);
                    var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    if (answer.Status != 200)
                    {
                        set.Unanswered.Add(question);
                        run.Report.Fault($"{Part}: {question.Name} of {set.Name} answered {answer.Status}: {answer.Text}");
                        continue;
                    }

                    answers(set).Bytes[question] = answer.Body.Length;
                    if (variant > 0)
                        answers(set).Add(question, milliseconds);
                }
    }

    static async Task AskRowsAsync(Run run, ServiceUnderTest service, List<RequestSet> sets, CancellationToken cancel)
    {
        await using var connection = await run.Postgres.OpenAsync(service.Database, cancel);
        foreach (var set in sets)
            foreach (var question in RequestQuestion.All.Where(question => question.Sql is not null))
                set.AtRest.OfRows[question] = await RequestSql.AskAsync(connection, set.Workspace.Id, question, cancel);
    }
}
