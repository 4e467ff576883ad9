using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Tests.Oracle;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage.Writing;

/// <summary>Whatever goes wrong in the writer, the next request is written.</summary>
public sealed class WriteLoopTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_failure_nobody_foresaw_is_answered_and_ends_nothing()
    {
        var client = await api.NewWorkspaceAsync();
        var workspace = await Of<TenantDirectory>().WorkspaceAsync((await Upkeep.OfAsync(client)).Workspace);
        var log = new Heard<FactWriter>();
        using var writer = new FactWriter(
            Of<StoreAddress>(), Of<CitusTables>(), Of<Func<IReadOnlyList<KindWriter>>>(), Of<CommitFollowers>(), new BrokenOnce(), log);
        await writer.StartAsync(default);
        var e = new IncomingEvent
        {
            Index = 0,
            Name = "task.done",
            Timestamp = Some.Day.ToUnixTimeMilliseconds() * 1000,
            Metadata = "{}"u8.ToArray(),
        };

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => writer.WriteAsync(workspace!, [e], partial: false, default));
        var written = await writer.WriteAsync(workspace!, [e], partial: false, default);

        Assert.Equal(1, written.Inserted);
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(log.Lines).Why);
        await writer.StopAsync(default);
    }

    T Of<T>() where T : notnull => api.Services.GetRequiredService<T>();

    sealed class BrokenOnce : TimeProvider
    {
        int asked;

        // By the loop, when it begins to write.
        public override long GetTimestamp() =>
            Environment.StackTrace.Contains("TryAsync", StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 1
                ? throw new InvalidTimeZoneException()
                : base.GetTimestamp();
    }
}
