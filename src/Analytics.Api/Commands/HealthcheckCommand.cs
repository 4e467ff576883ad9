using System.Globalization;

namespace Analytics.Commands;

/// <summary>Asks the service on this machine whether it is ready: for container images that have no curl.</summary>
static class HealthcheckCommand
{
    /// <summary>0 when it answers that it is ready, 1 when not.</summary>
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter output, CancellationToken cancel = default)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
        var address = new Uri(Local(configuration), "health/ready");
        try
        {
            using var answer = await http.GetAsync(address, cancel);
            await output.WriteLineAsync($"{address} answered {(int)answer.StatusCode}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync($"{address} did not answer: {problem.Message}");
            return 1;
        }
    }

    // The first address the service listens on; "every address" of it is this machine here.
    static Uri Local(IConfiguration configuration)
    {
        var listens = configuration["ASPNETCORE_URLS"]?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()
            ?? $"http://localhost:{configuration["PORT"] ?? "8080"}";
        var address = BindingAddress.Parse(listens);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}/"));
    }
}
