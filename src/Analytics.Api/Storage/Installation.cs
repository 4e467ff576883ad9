using Npgsql;

namespace Analytics.Storage;

/// <summary>What all nodes on one store share, made by the migrations.</summary>
sealed class Installation(NpgsqlDataSource store)
{
    byte[]? secret;

    /// <summary>Signs what one node hands out and another must believe. It never leaves the service.</summary>
    public async ValueTask<byte[]> SecretAsync(CancellationToken cancel)
    {
        if (secret is not null)
            return secret;
        await using var command = store.CreateCommand("select secret from installation");
        return secret = (byte[])(await command.ExecuteScalarAsync(cancel))!;
    }
}
