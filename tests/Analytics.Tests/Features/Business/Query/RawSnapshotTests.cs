using Analytics.Features.Business.Query.Raw;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>How a connection is set up that adds up many rows.</summary>
public sealed class RawSnapshotTests(AnalyticsApi api)
{
    [Theory, InlineData("1", "0"), InlineData("7", "7")]
    public async Task Pages_are_not_announced_one_by_one_unless_somebody_chose_how_many(string chosen, string used)
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var store = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(api.ConnectionString)
        {
            Options = $"-c effective_io_concurrency={chosen}",
            Pooling = false,
        });
        await using var first = await RawSnapshot.OpenAsync(store, cancel);
        await using var second = await first.OpenBesideAsync(store, cancel);

        foreach (var snapshot in (RawSnapshot[])[first, second])
            Assert.Equal(used, await snapshot.Connection.ScalarAsync<string>("show effective_io_concurrency", [], cancel));
    }
}
