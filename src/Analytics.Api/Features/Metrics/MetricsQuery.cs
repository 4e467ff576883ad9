using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage.People;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Sales;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Metrics;

/// <summary>Answers the dashboard from the activity rollups, in one snapshot: one read a range, whatever metrics are asked for.</summary>
sealed class MetricsQuery(NpgsqlDataSource store)
{
    /// <summary>What an answer would follow from now, without working it out.</summary>
    public async Task<MetricsVersion> VersionAsync(Workspace workspace, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        return await MetricsVersion.ReadAsync(connection, workspace.Key, now, cancel);
    }

    /// <summary>The answer, and what it follows from.</summary>
    public async Task<(MetricsAnswer Answer, MetricsVersion Version)> AnswerAsync(
        Workspace workspace, Customer? boundTo, MetricsQuestion question, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, ActivityReader.Rollups, cancel);
        var version = await MetricsVersion.ReadAsync(snapshot.Connection, workspace.Key, question.Now, cancel);
        return (await AnswerAsync(snapshot, workspace, boundTo, question, cancel), version);
    }

    internal static async Task<MetricsAnswer> AnswerAsync(
        RollupSnapshot snapshot, Workspace workspace, Customer? boundTo, MetricsQuestion question, CancellationToken cancel)
    {
        var scope = await ScopeAsync(snapshot.Connection, workspace, boundTo, question, cancel);
        var reader = new ActivityReader(snapshot, workspace.Key);
        var ranges = new List<MetricsOfRange>();
        foreach (var range in question.Ranges)
            ranges.Add(await new MetricsSeries(question, range).ReadAsync(reader, scope, cancel));
        return new MetricsAnswer(
            ranges[0].Periods,
            ranges[0].Totals,
            question.Metrics.ToDictionary(
                metric => metric.Slug, metric => new MetricDescription(metric.Slug, metric.DisplayName, metric.Type)),
            ranges.ElementAtOrDefault(1),
            ranges is [var now, var before] ? Change(now.Totals, before.Totals) : null);
    }

    static async Task<ActivityScope> ScopeAsync(
        NpgsqlConnection connection, Workspace workspace, Customer? boundTo, MetricsQuestion question, CancellationToken cancel)
    {
        var visible = await PeopleLookup.VisibleAsync(connection, workspace.Key, boundTo, cancel);
        var people = await PeopleLookup.OfFilterAsync(
            connection, workspace.Key, question.Customers, question.ExternalCustomers, visible, cancel);
        var shares = question.Shares is [] ? null : await ShareLookup.OfIdsAsync(connection, workspace, question.Shares, cancel);
        return new ActivityScope(shares, people);
    }

    static Dictionary<string, ExactNumber?> Change(
        IReadOnlyDictionary<string, ExactNumber> now, IReadOnlyDictionary<string, ExactNumber> before) =>
        now.ToDictionary(total => total.Key, total => Change(total.Value.Units, before[total.Key].Units));

    static ExactNumber? Change(Int128 now, Int128 before) =>
        before == 0 ? null : new ExactNumber(DecimalUnits.Ratio(now - before, Int128.Abs(before)));
}
