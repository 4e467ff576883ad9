namespace Analytics.Tests.Client;

/// <summary>What the service says of the last day's requests.</summary>
static class Usage
{
    /// <summary>How often each endpoint was asked.</summary>
    public static async Task<Dictionary<string, long>> EndpointsAsync(this ApiClient client)
    {
        var answer = await client.GetAsync("/api/requests/endpoints?limit=1000");
        return answer.GetProperty("data").EnumerateArray()
            .ToDictionary(row => row.GetProperty("endpoint").GetString()!, row => row.GetProperty("count").GetInt64());
    }

    /// <summary>How many requests it counts; waits until it counts so many.</summary>
    public static Task CountsRequestsAsync(this ApiClient client, long count)
    {
        var told = 0L;
        return Until.HoldsAsync(
            async () => (told = (await client.EndpointsAsync()).Values.Sum()) == count,
            () => $"The service counts {told} requests, not {count}.");
    }

    /// <summary>How often an event happened.</summary>
    public static async Task<long> OccurrencesAsync(this ApiClient client, string name)
    {
        var answer = await client.GetAsync($"/api/events/names?name={name}");
        return answer.GetProperty("data").EnumerateArray().Where(row => row.GetProperty("name").GetString() == name)
            .Sum(row => row.GetProperty("occurrences").GetInt64());
    }
}
