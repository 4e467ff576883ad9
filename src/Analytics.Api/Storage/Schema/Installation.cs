using Npgsql;

namespace Analytics.Storage.Schema;

/// <summary>What all nodes on one store share, made by the migrations.</summary>
sealed class Installation(NpgsqlDataSource store)
{
    byte[]? secret;

    /// <summary>Signs what one node hands out and another must believe. It never leaves the service.</summary>
    public async ValueTask<byte[]> SecretAsync(CancellationToken cancel) =>
        secret ??= (await store.ScalarAsync<byte[]>("select secret from installation", [], cancel))!;
}
