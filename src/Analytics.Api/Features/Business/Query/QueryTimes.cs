using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Analytics.Time;

namespace Analytics.Features.Business.Query;

/// <summary>The times that a question names.</summary>
static class QueryTimes
{
    sealed record Named : PeriodRequest;

    /// <summary>The time that is asked about, and all that is wrong with how it is told.</summary>
    public static TimeRange? Read(QueryRequest query, Workspace workspace, DateTimeOffset now, out IReadOnlyList<Problem> problems)
    {
        var named = new Named { Period = query.Period, From = query.From, To = query.To, Timezone = query.Timezone };
        var times = new BusinessTimes(named, workspace, now);
        var range = times.RangeBy(IntervalOf(query));
        problems = times.Problems;
        return problems.Count == 0 ? range : null;
    }

    /// <summary>What is wrong, where the request is at hand that asks: it knows the workspace.</summary>
    public static IEnumerable<Problem> ProblemsOf(QueryRequest query, IDictionary<string, object> context)
    {
        if (ValidRequests.RequestOf(context) is not { WorkspaceOrNull: { } workspace } http)
            return [];
        Read(query, workspace, http.RequestServices.GetRequiredService<TimeProvider>().GetStoreNow(), out var problems);
        return problems;
    }

    public static Interval? IntervalOf(QueryRequest query) => Intervals.TryParse(query.Interval, out var interval) ? interval : null;
}
