using System.Diagnostics;
using System.Net;
using System.Text;
using Analytics.PrivatePostgres;
using Analytics.Tests.Architecture;

namespace Analytics.Tests.Client;

/// <summary>The sample shop as its readers start it, and the real service.</summary>
public sealed class SampleTests(AnalyticsApi api)
{
    [Fact]
    public async Task The_sample_tells_the_service_of_its_requests()
    {
        var workspace = await api.NewWorkspaceAsync();
        var port = ClusterConfiguration.FreePort();
        using var process = Process.Start(StartInfo(port, workspace.Key!))!;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            http.DefaultRequestHeaders.Add("X-Customer", "acme");
            await Until.HoldsAsync(() => AnswersAsync(http), "The sample does not start.");
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/products/4")).StatusCode);
            using var order = new StringContent("""{"product":"bread","pieces":2}""", Encoding.UTF8, "application/json");
            Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsync("/orders", order)).StatusCode);
            Assert.Equal(HttpStatusCode.InternalServerError, (await http.GetAsync("/broken")).StatusCode);
            var exported = (await http.GetStringAsync("/export")).Length;
            await http.GetStringAsync("/reports/sales");

            await workspace.CountsRequestsAsync(6);
            Assert.Equal(
                ["GET:/broken", "GET:/export", "GET:/products", "GET:/products/{number:int}", "GET:/reports/sales", "POST:/orders"],
                (await workspace.EndpointsAsync()).Keys.Order());
            var usage = await workspace.GetAsync("/api/requests/dashboard");
            Assert.Equal("""{"2xx":4,"3xx":0,"4xx":1,"5xx":1}""", usage.GetProperty("statusBreakdown").GetRawText());
            Assert.True(usage.GetProperty("topCustomers")[0].GetProperty("totalBytes").GetInt64() > exported);
            await Until.HoldsAsync(async () => await workspace.OccurrencesAsync("order.placed") == 1, "The order is not told.");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    ProcessStartInfo StartInfo(int port, string key)
    {
        var shop = Path.GetFullPath(Path.Combine(SourceFiles.Root, "../../samples/Shop.Api/bin/Release/net10.0"));
        var start = new ProcessStartInfo("dotnet", ["Shop.Api.dll"]) { WorkingDirectory = shop };
        start.Environment["Urls"] = $"http://127.0.0.1:{port}";
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment["Analytics__Url"] = api.Address.ToString();
        start.Environment["Analytics__Key"] = key;
        start.Environment["Logging__LogLevel__Default"] = "None";
        return start;
    }

    // The one request that is told however often it was tried before: nothing listened then.
    static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            return (await http.GetStringAsync("/products")).Contains("cheese", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
