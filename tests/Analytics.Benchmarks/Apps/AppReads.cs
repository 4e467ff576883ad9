using System.Diagnostics;

namespace Analytics.Benchmarks.Apps;

/// <summary>Asks the questions of sets that are loaded; every one follows a write to what it is about.</summary>
/// <param name="run">The run.</param>
/// <param name="part">Of the benchmark.</param>
/// <param name="service">Who is asked.</param>
sealed class AppReads(Run run, string part, ServiceUnderTest service)
{
    readonly Answers<AppQuestion> fresh = new();
    readonly Answers<AppQuestion> atRest = new();
    readonly HashSet<AppQuestion> refused = [];

    /// <summary>Asks a few times while the service still puts in order what came.</summary>
    public Task AskFreshAsync(AppScope of, AppSet set, string key, CancellationToken cancel) =>
        AskAsync(fresh, of, set, key, Math.Max(2, run.Size.RequestsPerQuestion / 4), cancel);

    public Task AskAtRestAsync(AppScope of, AppSet set, string key, CancellationToken cancel) =>
        AskAsync(atRest, of, set, key, run.Size.RequestsPerQuestion, cancel);

    public void Tell()
    {
        foreach (var question in AppQuestion.All.Where(question => !refused.Contains(question) && atRest.Bytes.ContainsKey(question)))
        {
            var goal = question.Goal is { } limit ? Goal.AtMost(limit) : null;
            run.Report.Add(new(part, $"{question.Name}, at rest, p95", atRest.P95(question), "ms", Goal: goal,
                Note: $"p50 {Report.Short(atRest.P50(question))}; answer of {atRest.Bytes[question]:#,0} bytes",
                Headline: question.IsHeadline));
            run.Report.Add(new(part, $"{question.Name}, right after the load, p95", fresh.P95(question), "ms", Goal: goal,
                Note: $"p50 {Report.Short(fresh.P50(question))}"));
        }
    }

    // Variant 0 warms up.
    async Task AskAsync(Answers<AppQuestion> answers, AppScope of, AppSet set, string key, int times, CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        for (var variant = 0; variant <= times; variant++)
            foreach (var question in AppQuestion.All.Where(question => question.Of == of && !refused.Contains(question)))
            {
                await set.WriteOneAsync(connection, of == AppScope.Mixed ? set.Lane.NextList() : AppList.Devices, cancel);
                var request = KeepAlive.Get(question.Path(set, variant), key);
                var started = Stopwatch.GetTimestamp();
                var answer = await connection.SendAsync(request, cancel);
                var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                if (answer.Status != 200)
                {
                    refused.Add(question);
                    run.Report.Fault($"{part}: {question.Name} answered {answer.Status}: {answer.Text}");
                    continue;
                }

                answers.Bytes[question] = answer.Body.Length;
                if (variant > 0)
                    answers.Add(question, milliseconds);
            }
    }
}
