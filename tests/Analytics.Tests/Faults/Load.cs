using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace Analytics.Tests.Faults;

/// <summary>Clients that send events, and each batch again and again until it is acknowledged. Keeps the books.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class Load
{
    readonly ConcurrentBag<string> findings = [];
    readonly ConcurrentDictionary<int, int> answers = [];
    readonly LoadClient[] clients;
    readonly Task running;
    long acknowledged;
    long lost;
    volatile bool ending;

    Load(FaultyWorkspace workspace, LoadShape shape, int seed)
    {
        clients = [.. Enumerable.Range(0, shape.Clients).Select(number => new LoadClient(this, workspace.Client(shape.Patience), shape, number, seed))];
        running = Task.WhenAll(clients.Select(client => Task.Run(client.RunAsync)));
    }

    public static Load On(FaultyWorkspace workspace, LoadShape shape, int seed) => new(workspace, shape, seed);

    /// <summary>No new batches are to be begun.</summary>
    public bool IsEnding => ending;

    public long Acknowledged => Interlocked.Read(ref acknowledged);

    /// <summary>Requests that were answered with the status so far.</summary>
    public int Answered(int status) => answers.GetValueOrDefault(status);

    /// <summary>Every client finishes the batch it is at, whatever it takes; the external ids of all that was sent.</summary>
    public async Task<IReadOnlySet<string>> FinishAsync()
    {
        ending = true;
        await running.WaitAsync(Until.Patience);
        Assert.Empty(findings);
        return clients.SelectMany(client => client.Sent).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Waits until so many more events are acknowledged: then the load is on again.</summary>
    public async Task GoesOnAsync(int events = 500)
    {
        var wanted = Acknowledged + events;
        await HoldsAsync(() => Acknowledged >= wanted, () => $"Of {events} events only {events - wanted + Acknowledged} were acknowledged: {this}");
    }

    /// <summary>Waits until so many more requests were refused or got no answer at all.</summary>
    public async Task FailsAsync(int requests)
    {
        var wanted = Failed + requests;
        await HoldsAsync(() => Failed >= wanted, () => $"Of {requests} requests only {requests - wanted + Failed} failed: {this}");
    }

    public void Acknowledge(int events) => Interlocked.Add(ref acknowledged, events);

    public void Answer(int status) => answers.AddOrUpdate(status, 1, (_, count) => count + 1);

    public void Lose() => Interlocked.Increment(ref lost);

    /// <summary>Something that must not be; the test fails with it.</summary>
    public void Find(string wrong) => findings.Add(wrong);

    long Failed => Answered(429) + Answered(503) + Interlocked.Read(ref lost);

    Task HoldsAsync(Func<bool> isSo, Func<string> otherwise) => Until.HoldsAsync(
        () =>
        {
            Assert.Empty(findings);
            return Task.FromResult(isSo());
        },
        otherwise);

    public override string ToString() =>
        $"{Acknowledged} events acknowledged; answers {string.Join(", ", answers.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}"))}; without answer {lost}";
}
