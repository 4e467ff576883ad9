using Analytics.Features.Business.Query.Plans;
using Analytics.Features.Business.Query.Raw;
using Analytics.Sharing;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Query;

/// <summary>Answers questions: from a rollup where one says enough, else from raw facts, newest first, as far as the time goes.</summary>
sealed class QueryReading(NpgsqlDataSource store, Turns places, TimeProvider clock)
{
    /// <summary>What is not counted by then is left out of the answer.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The answer, as a table.</summary>
    public async Task<QueryAnswer> AnswerAsync(Workspace workspace, AskedQuery query, CancellationToken cancel) =>
        QueryAnswer.Of(query, await GroupsAsync(workspace, query, query.Range, Longest, cancel));

    /// <summary>The groups that facts of a time make, with exact numbers.</summary>
    public async Task<QueryGroups> GroupsAsync(
        Workspace workspace, AskedQuery query, TimeRange range, TimeSpan budget, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        query = await CalledAsync(workspace, query, cancel);
        if (await new QueryPlans(store).GroupsAsync(workspace, query, range, cancel) is { } planned)
            return planned;
        // A rollup that turned out to hold too much took some of the time.
        var left = budget - clock.GetElapsedTime(began);
        return await new RawScan(store, places, clock).GroupsAsync(workspace, query, range, left > Shortest ? left : Shortest, cancel);
    }

    async Task<AskedQuery> CalledAsync(Workspace workspace, AskedQuery query, CancellationToken cancel)
    {
        if (!CustomerFilters.NameById(query.Filters))
            return query;
        await using var connection = await store.OpenConnectionAsync(cancel);
        return query with { Filters = await connection.CalledAsync(workspace.Key, query.Filters, cancel) };
    }
}
