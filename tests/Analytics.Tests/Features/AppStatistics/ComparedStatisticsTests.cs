namespace Analytics.Tests.Features.AppStatistics;

/// <summary>The period and the year before, which statistics are compared with.</summary>
public sealed class ComparedStatisticsTests(AnalyticsApi api)
{
    static readonly DateOnly Day = new(2026, 3, 11);

    [Theory]
    [InlineData("2024-02-28", "2024-03-02", "2023-02-28 2023-03-01"), InlineData("2024-02-29", "2024-03-01", "2023-02-28"), InlineData("2024-02-28", "2024-02-29", "2023-02-28")]
    [InlineData("2025-03-01", "2025-03-02", "2024-03-01"), InlineData("0001-05-01", "0001-05-02", ""), InlineData("0001-12-31", "0002-01-02", "0001-01-01")]
    public async Task A_year_before_are_the_same_dates(string from, string to, string expected)
    {
        var workspace = await api.NewWorkspaceAsync();

        var answer = await workspace.GetAsync($"/statistics/user?from={from}&to={to}&compare=previous_year");

        Assert.Equal(expected, string.Join(' ', answer.GetProperty("previous").EnumerateArray().Select(row => row.GetProperty("date").GetString())));
    }

    [Theory, InlineData("2026-03-11", "2026-03-13", "2026-03-09 2026-03-10"), InlineData("0001-01-02", "0001-01-05", "0001-01-01"), InlineData("0001-01-01", "0001-01-02", "")]
    public async Task The_period_before_has_as_many_days(string from, string to, string expected)
    {
        var workspace = await api.NewWorkspaceAsync();

        var answer = await workspace.GetAsync($"/statistics/org/{workspace.Id}?from={from}&to={to}&compare=previous_period");

        Assert.Equal(expected, string.Join(' ', answer.GetProperty("previous").EnumerateArray().Select(row => row.GetProperty("date").GetString())));
    }

    [Fact]
    public async Task What_is_compared_with_counts_for_itself()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync();
        var told = new ToldFacts();
        var random = new Random(5);
        for (var day = Day.AddDays(-400); day <= Day; day = day.AddDays(1))
        {
            told.Device(Shop(workspace), day, $"{random.Next(40)}");
            told.Download(Shop(workspace), day, random.Next(1_000));
            told.Change(Shop(workspace), day, random.Next(-50, 100));
        }

        await told.SendAsync(random);
        foreach (var (compare, from, to) in new[] { ("previous_period", Day.AddDays(-20), Day.AddDays(-10)), ("previous_year", Day.AddDays(-10).AddYears(-1), Day.AddYears(-1)) })
        {
            var query = $"{Range(Day.AddDays(-10), Day)}&compare={compare}&accumulate=true";
            var org = await workspace.GetAsync($"/statistics/org/{workspace.Id}?{query}");
            var app = await workspace.GetAsync($"/statistics/app/acme:shop?{query}");

            var expected = told.Rows([Shop(workspace)], from, to, accumulate: true).Select(row => row!.ToJsonString()).ToList();
            Assert.Equal(expected, org.GetProperty("previous").EnumerateArray().Select(row => row.GetRawText()));
            Assert.Equal(expected[^1], app.GetProperty("previous").GetRawText());
        }
    }

    static string Range(DateOnly from, DateOnly to) => $"from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}";

    static ToldFacts.App Shop(WorkspaceClient workspace) => new(workspace, "acme:shop");
}
