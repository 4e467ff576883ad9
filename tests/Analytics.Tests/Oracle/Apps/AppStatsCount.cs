using System.Numerics;
using System.Text.Json.Nodes;

namespace Analytics.Tests.Oracle.Apps;

/// <summary>Section 6 of the contract by looking at every view and invocation of an app, seen on a day.</summary>
sealed class AppStatsCount(AppWorld world, ToldApp app, DateTimeOffset now)
{
    const int Recent = 100;

    readonly DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
    readonly List<ToldView> views = [.. world.Views.Where(view => view.App == app)];
    readonly List<ToldInvocation> invocations = [.. world.Invocations.Where(invocation => invocation.App == app)];

    /// <summary>The document of <c>/stats</c>, of an app that has no workspace of its own.</summary>
    public string Stats()
    {
        var month = invocations.Where(invocation => IsWithin(invocation, 30)).ToList();
        var days = Days(7).Select(day => $$"""{"day":"{{StatisticsCount.Text(day)}}","count":{{views.Count(view => view.Day == day)}} }""");
        return $$"""
            {"appId":"{{app.Id}}","totalViews":{{views.Count}},
             "uniqueViewers":{{views.Select(view => view.Viewer).OfType<string>().Distinct().Count()}},
             "views7d":{{views.Count(view => IsWithin(view, 7))}},"views30d":{{views.Count(view => IsWithin(view, 30))}},
             "lastViewedAt":{{(views is [] ? "null" : Json(Text(views.Max(view => view.At))))}},
             "viewsByDay":[{{string.Join(',', days)}}],
             "api":{"totalInvocations":{{invocations.Count}},"invocations7d":{{invocations.Count(invocation => IsWithin(invocation, 7))}},
                    "invocations30d":{{month.Count}},"avgDurationMs":{{Whole(Duration(month), month.Count)}},
                    "errorCount30d":{{month.Count(one => one.IsFailed)}},
                    "errorRate30d":{{StatisticsCount.Quotient(100 * month.Count(one => one.IsFailed), month.Count)}},
                    "peakMemoryBytes":{{month.Select(one => one.Memory).DefaultIfEmpty().Max()}},"totalComputeMs":{{Duration(month)}} },
             "storage":{"hasWorkspace":false,"schemaSize":0,"tableCount":0,"quotaBytes":0,"quotaPercent":0} }
            """;
    }

    /// <summary>The document of <c>/stats/api</c>; <paramref name="kept"/> says from when on the invocations themselves are kept.</summary>
    public string Api(DateTimeOffset kept)
    {
        var recent = invocations.Where(one => one.At >= kept).OrderByDescending(one => one.At).Take(Recent).Select(Row);
        var daily = Days(30).Select(day =>
        {
            var those = invocations.Where(one => one.Day == day).ToList();
            return $$"""
                {"day":"{{StatisticsCount.Text(day)}}","count":{{those.Count}},"avgDurationMs":{{Whole(Duration(those), those.Count)}},
                 "errorCount":{{those.Count(one => one.IsFailed)}} }
                """;
        });
        return $$"""{"recent":[{{string.Join(',', recent)}}],"daily":[{{string.Join(',', daily)}}]}""";
    }

    static string Row(ToldInvocation one) => $$"""
        {"method":"{{one.Method}}","path":{{Json(one.Path)}},"username":"{{one.Username}}","startedAt":"{{Text(one.At)}}",
         "durationMs":{{one.DurationMs}},"statusCode":{{one.Status}},"memoryPeakBytes":{{one.Memory}},"error":{{Json(one.Error)}} }
        """;

    /// <summary>A day of the last so many, the newest first.</summary>
    IEnumerable<DateOnly> Days(int count) => Enumerable.Range(0, count).Select(ago => today.AddDays(-ago));

    bool IsWithin(ToldFact fact, int days) => fact.Day <= today && fact.Day > today.AddDays(-days);

    static BigInteger Duration(IEnumerable<ToldInvocation> those) => those.Aggregate(BigInteger.Zero, (sum, one) => sum + one.DurationMs);

    // To the nearest whole number, half away from zero.
    static BigInteger Whole(BigInteger sum, int count) => count == 0 ? 0 : (sum * 2 + count) / (count * 2);

    static string Text(DateTimeOffset at) => Canonical.Time(at);

    static string Json(string? text) => text is null ? "null" : JsonValue.Create(text).ToJsonString();
}
