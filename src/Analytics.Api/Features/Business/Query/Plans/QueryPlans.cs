using Analytics.Features.Business.Usage;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>Answers questions from rollups: what they cost does not depend on how many facts there are.</summary>
sealed class QueryPlans(NpgsqlDataSource store)
{
    /// <summary>The groups of a question in a time; null when only raw facts say them.</summary>
    public async Task<QueryGroups?> GroupsAsync(Workspace workspace, AskedQuery query, TimeRange range, CancellationToken cancel)
    {
        var buckets = query.BucketsOf(range);
        var question = PlannedQuestion.Of(query);
        var plan = question is null ? null : RollupPlan.Of(question);
        if (buckets is [] || (plan is null && !UnitPlan.MayAnswer(query)))
            return null;
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, plan is null ? UsageReading.Rollups : plan.Rollups);
        var groups = plan is null
            ? await new UnitPlan(snapshot, workspace, query).GroupsAsync(buckets, read.Cancel)
            : await GroupsAsync(snapshot, workspace, plan, question!, buckets, read.Cancel);
        return groups is null ? null : new(buckets, groups, ScannedFrom: null);
    }

    static async Task<IReadOnlyList<QueryGroup>?> GroupsAsync(
        RollupSnapshot snapshot, Workspace workspace, RollupPlan plan, PlannedQuestion question, IReadOnlyList<Bucket> buckets,
        CancellationToken cancel)
    {
        if (await new PlannedCells(snapshot, workspace, plan, question).ReadAsync(buckets, cancel) is not { } cells)
            return null;
        var (words, texts) = (new WordValues[question.Words.Count], new DimensionTexts(snapshot.Connection, workspace));
        foreach (var (at, word) in question.Words.Index())
        {
            var place = question.PlaceOf(QueryWords.Of(question.Query.Dataset)[word]);
            var numbers = cells.Where(cell => cell.Value[0] != 0).Select(cell => cell.Key[place]).ToHashSet();
            if (await WordValues.ReadAsync(question.Query, word, place, numbers, texts, cancel) is not { } values)
                return null;
            words[at] = values;
        }

        var groups = new PlannedGroups(question.Query, words);
        foreach (var (key, cell) in cells)
            groups.Add(key, cell);
        return groups.All(buckets.Count);
    }
}
