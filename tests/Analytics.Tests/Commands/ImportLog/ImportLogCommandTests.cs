using System.Text.Json;

namespace Analytics.Tests.Commands.ImportLog;

public sealed class ImportLogCommandTests : IAsyncLifetime
{
    const string Line = "192.0.2.7 - ada [11/Mar/2026:10:00:00 +0100] \"GET /orders/7?page=1 HTTP/1.1\" 404 12 \"-\" \"a \\x22b\\x22\" 0.0125";

    readonly LogDirectory directory = new();
    RecordingServer server = null!;

    public async ValueTask InitializeAsync() => server = await RecordingServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        directory.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_line_is_sent_as_a_request()
    {
        directory.Write(Line);

        await RunAsync(0);

        var sent = server.Taken.Values.Single();
        Assert.Equal(
            """{"method":"GET","path":"/orders/7","statusCode":404,"latencyMs":12.5,"responseSize":12,"timestamp":1773219600000,"requestId":""",
            sent.GetRawText()[..sent.GetRawText().IndexOf("\"" + sent.GetProperty("requestId").GetString() + "\"", StringComparison.Ordinal)]);
        Assert.Equal("a \"b\"", sent.GetProperty("userAgent").GetString());
        Assert.Equal("192.0.2.7", sent.GetProperty("ip").GetString());
        Assert.False(sent.TryGetProperty("customerId", out _));
        Assert.False(sent.TryGetProperty("productId", out _));
    }

    [Fact]
    public async Task Options_say_whose_requests_they_are_and_what_the_last_field_is()
    {
        directory.Write(Line);

        await RunAsync(0, "--customer-from-user", "--product=shop", "--latency", "ms");

        var sent = server.Taken.Values.Single();
        Assert.Equal("ada", sent.GetProperty("customerId").GetString());
        Assert.Equal("shop", sent.GetProperty("productId").GetString());
        Assert.Equal(0.012m, sent.GetProperty("latencyMs").GetDecimal());
    }

    [Fact]
    public async Task What_is_no_request_counts_under_one_name()
    {
        directory.Write(
            "10.0.0.1 - - [11/Mar/2026:10:00:00 +0000] \"\\x16\\x03\\x01\" 400 157 \"-\" \"-\"",
            "10.0.0.1 - - [11/Mar/2026:10:00:00 +0000] \"-\" 408 0 \"-\" \"-\"");

        var run = await RunAsync(0);

        Assert.Equal(["INVALID * 400", "INVALID * 408"], server.Taken.Values.Select(Told).Order());
        Assert.Contains("2  not a request: sent as INVALID *", run.Output);
    }

    [Fact]
    public async Task Of_a_path_that_is_too_long_the_beginning_counts()
    {
        directory.Write(Line.Replace("/7?", new string('x', 3_000) + "?"));

        var run = await RunAsync(0);

        Assert.Equal("/orders" + new string('x', 2_041), server.Taken.Values.Single().GetProperty("path").GetString());
        Assert.Contains("1  a long path: its beginning is sent", run.Output);
    }

    [Fact]
    public async Task What_cannot_be_read_is_counted_and_shown_and_stops_nothing()
    {
        directory.Write("hello\tworld", Line, Line.Replace("404", "000"), Line);

        var run = await RunAsync(0);

        Assert.Equal(2, server.Taken.Count);
        Assert.Contains("4  lines in", run.Output);
        Assert.Contains("2  sent: 2 new, 0 there already, 0 not taken", run.Output);
        Assert.Contains("1  no time in brackets\n                  line 1: hello?world", run.Output);
        Assert.Contains("1  a status outside 100..599\n                  line 3: 192.0.2.7", run.Output);
    }

    [Fact]
    public async Task A_log_of_which_nothing_can_be_read_is_a_failure()
    {
        directory.Write("a", "b");

        await RunAsync(1);
    }

    [Fact]
    public async Task What_the_service_does_not_take_is_shown_with_its_line()
    {
        directory.Write([Line, .. LogDirectory.Lines(20_001)]);
        server.Rule = sent => sent.GetProperty("path").GetString() == "/orders/15000" ? "is in the future" : null;

        var run = await RunAsync(0);

        Assert.Equal([10_000, 10_000, 2], server.Batches);
        Assert.Contains("20,002  sent: 20,001 new, 0 there already, 1 not taken", run.Output);
        Assert.Contains("1  not taken by the service: invalid\n                  line 15002: ", run.Output);
        Assert.Contains("is in the future", run.Output);
    }

    [Fact]
    public async Task Without_a_time_at_the_end_latencies_are_0_and_that_is_said()
    {
        directory.Write(LogDirectory.Lines(1));

        var run = await RunAsync(0);

        Assert.Equal(0, server.Taken.Values.Single().GetProperty("latencyMs").GetInt32());
        Assert.Contains("No line says how long its request took", run.Output);
    }

    [Fact]
    public async Task Progress_is_told_on_a_terminal()
    {
        directory.Write(LogDirectory.Lines(50_000));

        Assert.Contains("%, ", (await RunAsync(0)).Errors);
    }

    [Fact]
    public async Task A_log_that_is_not_there_cannot_be_imported() => await RunAsync(2);

    [Theory]
    [InlineData]
    [InlineData("a.log", "b.log")]
    [InlineData("a.log", "--what")]
    [InlineData("a.log", "--url")]
    [InlineData("a.log", "--url", "ftp://example.com")]
    [InlineData("a.log", "--latency", "minutes")]
    public async Task What_is_not_understood_is_answered_with_how_it_is_used(params string[] args)
    {
        var run = await ImportRun.OfAsync(server.Address, "secret", args);

        Assert.Equal(2, run.Exit);
        Assert.Contains("Usage: import-log <file>", run.Errors);
    }

    [Fact]
    public async Task A_key_is_needed()
    {
        var run = await ImportRun.OfAsync(server.Address, "", directory.Log);

        Assert.Equal(2, run.Exit);
        Assert.Contains("ANALYTICS_KEY", run.Errors);
    }

    async Task<ImportRun> RunAsync(int exit, params string[] options)
    {
        var run = await ImportRun.OfAsync(new Uri(server.Address, "base"), "secret", [directory.Log, .. options]);
        Assert.True(run.Exit == exit, run.ToString());
        return run;
    }

    static string Told(JsonElement sent) =>
        $"{sent.GetProperty("method").GetString()} {sent.GetProperty("path").GetString()} {sent.GetProperty("statusCode").GetInt32()}";
}
