using Analytics.Features.Ingestion;
using Analytics.Storage;
using Analytics.Storage.Apps;
using Xunit;

namespace Analytics.Tests.Features.Ingestion;

/// <summary>How facts of apps are read, and what is refused.</summary>
public sealed class AppFactReaderTests
{
    const string Invocation = "\"method\":\"GET\",\"path\":\"/a\",\"username\":\"ann\",\"startedAt\":\"2026-03-27T09:00:00Z\",\"durationMs\":1,"
        + "\"statusCode\":200,\"memoryPeakBytes\":5";

    static readonly Dictionary<string, FactList> Lists = new()
    {
        ["views"] = FactList.Views, ["devices"] = FactList.Devices, ["downloads"] = FactList.Downloads, ["changes"] = FactList.StorageChanges,
        ["invocations"] = FactList.Invocations,
    };

    [Theory]
    [InlineData("views", "\"viewerId\":\"ann\",\"externalId\":\"v\"", AppFact.View, "ann", 0, "v")]
    [InlineData("views", "", AppFact.View, "", 0, "")]
    [InlineData("views", "\"viewerId\":null,\"externalId\":null,\"deviceId\":1,\"bytes\":\"x\"", AppFact.View, "", 0, "")]
    [InlineData("devices", "\"deviceId\":\"D\",\"externalId\":5", AppFact.Device, "D", 0, "")]
    [InlineData("downloads", "\"bytes\":9223372036854775807,\"deviceId\":\"D\",\"externalId\":\"d\"", AppFact.Download, "D", long.MaxValue, "d")]
    [InlineData("downloads", "\"bytes\":-0", AppFact.Download, "", 0, "")]
    [InlineData("changes", "\"bytes\":-9223372036854775808,\"externalId\":\"c\"", AppFact.StorageChange, "", long.MinValue, "c")]
    [InlineData("changes", "\"bytes\":-1.5e3", AppFact.StorageChange, "", -1_500, "")]
    [InlineData("changes", "\"bytes\":2.0", AppFact.StorageChange, "", 2, "")]
    public void A_fact_is_read_with_its_members(string list, string members, object what, string subject, long amount, string key)
    {
        var read = Assert.IsType<IncomingAppFact>(Valid(list, members));
        Assert.Equal((what, subject, amount), ((object)read.What, Reading.Text(read.Subject), read.Amount));
        Assert.Equal((key, Reading.NowMicroseconds), (Reading.Text(read.ExternalId), read.Timestamp));
    }

    [Fact]
    public void An_invocation_is_read_with_its_members()
    {
        var read = Assert.IsType<IncomingInvocation>(Valid("invocations", $$"""
            {{Invocation}},"method":"post","path":"/api/x?y=1","username":null,"durationMs":12.3456,"error":"it broke","externalId":"i"
            """));
        Assert.Equal(("POST", "/api/x?y=1", ""), (Reading.Text(read.Method), Reading.Text(read.Path), Reading.Text(read.Username)));
        Assert.Equal([12_345, 200, 5], [read.Duration, read.Status, read.Memory]);
        Assert.Equal(("it broke", "i", KeyKind.Invocation), (Reading.Text(read.Error), Reading.Text(read.ExternalId), read.KeyKind));
        Assert.Equal(1_774_602_000_000_000, read.Timestamp);
    }

    [Theory, InlineData("9007199254740993", 9_007_199_254_740_993_000), InlineData("0", 0), InlineData("1e3", 1_000_000), InlineData("0.0009", 0)]
    public void A_duration_is_exact(string sent, long microseconds) =>
        Assert.Equal(microseconds, ((IncomingInvocation)Valid("invocations", $"{Invocation},\"durationMs\":{sent}")).Duration);

    [Fact]
    public void Of_an_error_the_beginning_is_kept_and_an_empty_one_is_none()
    {
        var longer = new string('é', InvocationRules.LongestError + 7);
        var read = (IncomingInvocation)Valid("invocations", $"{Invocation},\"error\":\"{longer}\"");
        Assert.Equal(longer[..InvocationRules.LongestError], Reading.Text(read.Error));
        Assert.True(((IncomingInvocation)Valid("invocations", $"{Invocation},\"error\":\"\"")).Error.IsEmpty);
    }

    [Theory]
    [InlineData("views", "\"viewerId\":\"\"", "viewerId length")]
    [InlineData("views", "\"viewerId\":7", "viewerId type")]
    [InlineData("views", "\"viewerId\":\" \"", "viewerId blank")]
    [InlineData("views", "\"viewerId\":\"a\\u0000\"", "viewerId nul")]
    [InlineData("views", "\"timestamp\":\"2026-03-27T10:00:00\"", "timestamp format")]
    [InlineData("views", "\"timestamp\":1774602000000", "timestamp type")]
    [InlineData("views", "\"timestamp\":\"1999-12-31T23:59:59Z\"", "timestamp range")]
    [InlineData("views", "\"externalId\":\"\"", "externalId length")]
    [InlineData("devices", "", "deviceId required")]
    [InlineData("devices", "\"deviceId\":null", "deviceId required")]
    [InlineData("devices", "\"deviceId\":\"\"", "deviceId length")]
    [InlineData("downloads", "", "bytes required")]
    [InlineData("downloads", "\"bytes\":-1", "bytes range")]
    [InlineData("downloads", "\"bytes\":\"5\"", "bytes type")]
    [InlineData("downloads", "\"bytes\":9223372036854775808", "bytes range")]
    [InlineData("downloads", "\"bytes\":1.5", "bytes range")]
    [InlineData("changes", "", "bytes required")]
    [InlineData("changes", "\"bytes\":-9223372036854775809", "bytes range")]
    [InlineData("changes", "\"bytes\":true", "bytes type")]
    public void What_breaks_a_rule_is_refused(string list, string members, string problem) =>
        Assert.Equal([$"/{list}/0/{problem}"], Reading.Problems(Body(list, members), null, Lists[list]));

    [Theory]
    [InlineData("\"method\":null", "method required")]
    [InlineData("\"method\":\"G T\"", "method format")]
    [InlineData("\"path\":\"\"", "path length")]
    [InlineData("\"username\":\"\"", "username length")]
    [InlineData("\"username\":3", "username type")]
    [InlineData("\"startedAt\":null", "startedAt required")]
    [InlineData("\"startedAt\":\"2026-03-27\"", "startedAt format")]
    [InlineData("\"startedAt\":\"2999-03-27T10:00:00Z\"", "startedAt range")]
    [InlineData("\"durationMs\":null", "durationMs required")]
    [InlineData("\"durationMs\":-1", "durationMs range")]
    [InlineData("\"durationMs\":\"1\"", "durationMs type")]
    [InlineData("\"durationMs\":1e300", "durationMs range")]
    [InlineData("\"statusCode\":600", "statusCode range")]
    [InlineData("\"statusCode\":null", "statusCode required")]
    [InlineData("\"memoryPeakBytes\":-1", "memoryPeakBytes range")]
    [InlineData("\"memoryPeakBytes\":null", "memoryPeakBytes required")]
    [InlineData("\"error\":{}", "error type")]
    [InlineData("\"error\":\"\\ud800\"", "error lone_surrogate")]
    public void An_invocation_that_breaks_a_rule_is_refused(string members, string problem) => Assert.Equal(
        [$"/invocations/0/{problem}"], Reading.Problems(Body("invocations", $"{Invocation},{members}"), null, FactList.Invocations));

    [Fact]
    public void All_problems_are_told_at_once() => Assert.Equal(
        ["/invocations/0/method", "/invocations/0/path", "/invocations/0/username", "/invocations/0/startedAt", "/invocations/0/durationMs",
            "/invocations/0/statusCode", "/invocations/0/memoryPeakBytes"],
        Reading.Problems(Body("invocations", ""), null, FactList.Invocations).Select(problem => problem.Split(' ')[0]));

    static Analytics.Storage.Facts.IncomingFact Valid(string list, string members)
    {
        var batch = Reading.Batch(Body(list, members), null, Lists[list]);
        Assert.Empty(batch.Findings.Problems());
        return Assert.Single(batch.Facts);
    }

    static string Body(string list, string members) => $$"""{"{{list}}":[{ {{members}} }]}""";
}
