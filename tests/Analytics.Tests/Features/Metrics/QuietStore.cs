namespace Analytics.Tests.Features.Metrics;

/// <summary>A service and a store nobody else uses meanwhile, for looking at what is read.</summary>
public sealed class QuietStore : IAsyncLifetime
{
    public AnalyticsApi Api { get; } = new();

    /// <summary>Gives a workspace 30 000 people and shares, so that looking at all of them would show.</summary>
    public async Task FillAsync(int workspace)
    {
        string[] statements =
        [
            $"""
            insert into people (workspace_id, person, external_id, same_as)
            select {workspace}, n, 'person-' || n, case when n % 3 = 0 then n - 1 end
            from generate_series(1, 30000) n
            """,
            $"""
            insert into shares (workspace_id, share, key, created_at, expiry_at)
            select {workspace}, n, gen_random_uuid(), now(), now() + (n - 15000) * interval '1 second'
            from generate_series(1, 30000) n
            """,
            "analyze",
        ];
        foreach (var sql in statements)
        {
            await using var command = Api.Store.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    public ValueTask InitializeAsync() => Api.InitializeAsync();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
