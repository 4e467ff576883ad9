namespace Analytics.Commands;

/// <summary>Asks the service on this machine whether it is ready: for container images that have no curl.</summary>
static class HealthcheckCommand
{
    /// <summary>0 when it answers that it is ready, 1 when not.</summary>
    public static async Task<int> RunAsync(IConfiguration configuration, TextWriter output, CancellationToken cancel = default)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(4) };
        var address = new Uri(LocalAddress.Of(configuration), "health/ready");
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
}
