using System.Runtime.Versioning;
using Analytics.Storage.Verification;
using Npgsql;

namespace Analytics.Tests.Faults;

/// <summary>A workspace of the service that is hurt, and the look behind it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FaultyWorkspace(ServiceProcess service, Guid id, string key)
{
    public ServiceProcess Service { get; } = service;

    public Guid Id { get; } = id;

    /// <summary>A client that gives up after so long.</summary>
    public ApiClient Client(TimeSpan patience)
    {
        var client = new ApiClient(Service.Address, key, hasOwnConnections: true);
        client.Http.Timeout = patience;
        return client;
    }

    /// <summary>How long until the service takes an event, and that it does.</summary>
    public async Task<TimeSpan> TakesEventsAsync()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var client = Client(TimeSpan.FromSeconds(10));
        await Until.HoldsAsync(
            async () =>
            {
                try
                {
                    using var answer = await client.AskAsync(HttpMethod.Post, "/api/events/ingest", """{"events":[]}""");
                    using var read = await client.AskAsync(HttpMethod.Get, "/api/events?limit=1");
                    return answer.IsSuccessStatusCode && read.IsSuccessStatusCode;
                }
                catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException)
                {
                    return false; // not back yet
                }
            },
            "The service takes no events.");
        return clock.Elapsed;
    }

    /// <summary>What the service says it counted: the occurrences of all its event types.</summary>
    public async Task<long> OccurrencesAsync()
    {
        var types = await Client(TimeSpan.FromMinutes(1)).GetAsync("/api/event-types?limit=1000");
        return types.GetProperty("data").EnumerateArray().Sum(type => type.GetProperty("occurrences").GetInt64());
    }

    /// <summary>Every external id is stored exactly once, the service counts exactly these, and no rollup differs from a recount.</summary>
    public async Task HoldsExactlyAsync(IReadOnlySet<string> sent)
    {
        await using var store = await Service.StoreAsync();
        var stored = await StoredAsync(store);
        Assert.Equal(sent.Count, stored.Count);
        Assert.True(sent.SetEquals(stored), "What is stored is not what was sent.");
        Assert.Equal(sent.Count, await OccurrencesAsync());
        Assert.Empty(await Verifier.DifferencesAsync(store, await KeyAsync(store)));
    }

    async Task<List<string>> StoredAsync(NpgsqlDataSource store)
    {
        await using var command = store.CreateCommand("select external_id from events where workspace_id = $1");
        command.Parameters.Add(new() { Value = await KeyAsync(store) });
        await using var row = await command.ExecuteReaderAsync();
        var stored = new List<string>();
        while (await row.ReadAsync())
            stored.Add(row.GetString(0));
        return stored;
    }

    async Task<int> KeyAsync(NpgsqlDataSource store)
    {
        await using var command = store.CreateCommand("select workspace_id from workspaces where id = $1");
        command.Parameters.Add(new() { Value = Id });
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
