using System.Collections.Concurrent;
using Analytics.Features.Erasure;
using Analytics.Features.Workspaces;
using Analytics.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Storage;

/// <summary>Work that many workspaces wait for is done in turns.</summary>
public sealed class WorkspaceJobTests(AnalyticsApi api)
{
    readonly FakeTimeProvider clock = new();
    readonly Heard<Job> log = new();

    [Fact]
    public async Task Much_work_of_one_does_not_come_before_the_little_of_another()
    {
        using var job = await StartAsync((1, 100), (2, 1), (3, 2));

        await HoldsAsync(job, 1, 0);

        var steps = job.Steps.ToList();
        // A busy machine may be a little late to begin what has its turn.
        Assert.InRange(steps.IndexOf(2), 0, 50);
        Assert.InRange(steps.LastIndexOf(3), 0, 80);
        Assert.Equal(103, steps.Count);
    }

    [Fact]
    public async Task A_step_that_hangs_holds_up_only_its_own()
    {
        using var job = await StartAsync((1, 1), (2, 50));
        job.Hang(3);
        job.Add(3, 1);
        job.Wake();

        await HoldsAsync(job, 1, 0);
        await HoldsAsync(job, 2, 0);
        job.Add(4, 1);
        job.Wake();
        await HoldsAsync(job, 4, 0);
        Assert.Equal(1, job.Left(3));

        job.Free(3);
        await HoldsAsync(job, 3, 0);
    }

    [Fact]
    public async Task A_step_that_fails_is_told_and_sits_out_while_the_others_get_on()
    {
        using var job = await StartAsync();
        job.Fail(1);
        job.Add(1, 1);
        job.Add(2, 20);
        job.Wake();

        await HoldsAsync(job, 2, 0);
        await HoldsAsync(() => log.Lines.Any(line => line.Line.Contains("of workspace 1", StringComparison.Ordinal)), job);
        Assert.Equal(1, job.Steps.Count(step => step == 1));

        job.Mend(1);
        await HoldsAsync(job, 1, 0, pace: 1_000);
    }

    [Fact]
    public void Whatever_goes_from_workspace_to_workspace_and_may_take_long_is_such_a_job() => Assert.All(
        [typeof(ErasureJob), typeof(WorkspacePurge), typeof(Outbox)], job => Assert.True(job.IsSubclassOf(typeof(WorkspaceJob)), job.Name));

    async Task<Job> StartAsync(params (int Workspace, int Steps)[] work)
    {
        var job = new Job(api.Services.GetRequiredService<StoreReadiness>(), clock, log);
        foreach (var (workspace, steps) in work)
            job.Add(workspace, steps);
        await job.StartAsync(TestContext.Current.CancellationToken);
        return job;
    }

    Task HoldsAsync(Job job, int workspace, int left, int pace = 20) => HoldsAsync(() => job.Left(workspace) == left, job, pace);

    // Time goes on meanwhile, as it does or faster: by so many milliseconds from look to look.
    Task HoldsAsync(Func<bool> isSo, Job job, int pace = 20) => Until.HoldsAsync(
        () =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(pace));
            return isSo();
        },
        $"It is not done: {string.Join(' ', job.Steps.Take(50))}");

    internal sealed class Job(StoreReadiness readiness, TimeProvider clock, Heard<Job> log) : WorkspaceJob(readiness, clock, log)
    {
        readonly ConcurrentDictionary<int, int> left = [];
        readonly ConcurrentDictionary<int, TaskCompletionSource> hung = [];
        readonly ConcurrentDictionary<int, byte> failing = [];

        public ConcurrentQueue<int> Steps { get; } = [];

        public int Left(int workspace) => left[workspace];

        public void Add(int workspace, int steps) => left[workspace] = steps;

        public void Hang(int workspace) => hung[workspace] = new TaskCompletionSource();

        public void Free(int workspace) => hung[workspace].SetResult();

        public void Fail(int workspace) => failing[workspace] = 0;

        public void Mend(int workspace) => failing.TryRemove(workspace, out _);

        protected override string Work => "Doing a test's work";

        protected override Task<List<int>> WaitingAsync(CancellationToken cancel) =>
            Task.FromResult(left.Where(work => work.Value > 0).Select(work => work.Key).Order().ToList());

        protected override async Task<bool> StepAsync(int workspace, CancellationToken cancel)
        {
            Steps.Enqueue(workspace);
            await Task.Delay(TimeSpan.FromMilliseconds(1), Clock, cancel);
            if (failing.ContainsKey(workspace))
                throw new InvalidOperationException("It fails.");
            if (hung.TryGetValue(workspace, out var free))
                await free.Task.WaitAsync(cancel);
            left[workspace]--;
            return true;
        }
    }
}
