using System.Runtime.CompilerServices;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Analytics.Tests.Storage;

/// <summary>Whatever happens to work in the background, it goes on, and the log says what happened.</summary>
public sealed class RepeatedJobTests(AnalyticsApi api)
{
    readonly FakeTimeProvider clock = new();
    readonly Heard<Job> log = new();

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(NpgsqlException))]
    [InlineData(typeof(TimeoutException))]
    public async Task Work_that_failed_is_done_again_after_a_pause(Type failure)
    {
        using var job = await StartAsync((Exception)Activator.CreateInstance(failure)!);
        await Until.HoldsAsync(() => job.Runs > 0, "The work is not done.");

        // While the clock stands still: work that is done again at once would be by now.
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(1, job.Runs);
        await RunsAsync(job, 2);

        Assert.False(job.ExecuteTask!.IsCompleted);
        await job.StopAsync(CancellationToken.None);
        Assert.True(job.ExecuteTask.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_failure_is_told_with_its_stack_each_time()
    {
        using var job = await StartAsync(new InvalidOperationException("A bug."));

        await RunsAsync(job, 3);

        var told = log.Lines.First(line => line.Why is not null);
        Assert.Equal("Doing a test's work failed; it is tried again within 10 s", told.Line);
        Assert.Contains(nameof(Job), told.Why!.StackTrace, StringComparison.Ordinal);
        Assert.True(log.Lines.Count >= 2);
    }

    [Fact]
    public async Task That_the_store_is_away_is_one_line_until_it_is_back()
    {
        using var job = await StartAsync(new InvalidOperationException("Wrapped, as EF Core does.", new NpgsqlException("No route.")));
        await RunsAsync(job, 3);
        Assert.Null(Assert.Single(log.Lines).Why);

        job.Failure = null;
        await RunsAsync(job, 6);
        job.Failure = new NpgsqlException("No route again.");
        await RunsAsync(job, 9);

        Assert.Equal(2, log.Lines.Count);
        Assert.Contains("No route again.", log.Lines[1].Line, StringComparison.Ordinal);
    }

    /// <summary>The schema is migrated once, greetings are said once: none goes on for ever.</summary>
    [Fact]
    public void All_work_in_the_background_is_such_a_job() => Assert.Equal(
        [nameof(Analytics.Commands.Demo.DemoStart), nameof(Analytics.Commands.FirstStart), nameof(SchemaMigration)],
        typeof(RepeatedJob).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(BackgroundService)) && !type.IsAbstract && !type.IsSubclassOf(typeof(RepeatedJob)))
            .Select(type => type.Name).Order(StringComparer.Ordinal));

    async Task<Job> StartAsync(Exception failure)
    {
        var job = new Job(api.Services.GetRequiredService<StoreReadiness>(), clock, log) { Failure = failure };
        await job.StartAsync(TestContext.Current.CancellationToken);
        return job;
    }

    Task RunsAsync(Job job, int times) => Until.HoldsAsync(
        () =>
        {
            if (job.Runs >= times)
                return true;
            clock.Advance(TimeSpan.FromSeconds(10));
            return false;
        },
        "The work is not done again.");

    internal sealed class Job(StoreReadiness readiness, TimeProvider clock, Heard<Job> log) : RepeatedJob(readiness, clock, log)
    {
        int runs;

        public int Runs => Volatile.Read(ref runs);

        public Exception? Failure { get; set; }

        protected override string Work => "Doing a test's work";

        [MethodImpl(MethodImplOptions.NoInlining)]
        protected override Task WorkAsync(CancellationToken cancel)
        {
            Interlocked.Increment(ref runs);
            return Failure is { } failure ? throw failure : Task.CompletedTask;
        }
    }
}
