using System.Text.Json;
using Analytics.Http;
using Analytics.PrivatePostgres;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Npgsql;

namespace Analytics.Commands;

/// <summary>
/// <c>link [--workspace slug-or-id]</c>: prints a link that signs in once, to the workspace <c>demo</c> or the only one there is. Behind it
/// is a key of the workspace called <c>link</c>: whoever revokes it ends all sessions that began so.
/// </summary>
static class LinkCommand
{
    const string Usual = "demo";
    const string KeyName = "link";

    const string FindSql = """
        select id
        from api_keys
        where workspace_id = $1
          and user_id is null
          and customer_id is null
          and name = $2
          and scopes @> $3
          and revoked_at is null
          and expires_at is null
        order by created_at
        limit 1
        """;

    const string MakeSql = """
        insert into api_keys (id, secret_hash, workspace_id, name, scopes, created_at)
        values ($1, $2, $3, $4, $5, $6)
        """;

    const string TellSql = """
        insert into outbox (workspace_id, id, subject, name, timestamp, metadata, is_audit)
        select workspace_id, gen_random_uuid(), id, $2, $3, $4::jsonb, true
        from workspaces
        where workspace_id = $1
        """;

    /// <summary>How long such a link is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>0 when a link was printed, 2 when it could not be made.</summary>
    public static async Task<int> RunAsync(
        string[] args, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancel = default)
    {
        if (CommandStore.WorkspaceIn(args) is not { } wanted)
        {
            await error.WriteLineAsync("Usage: link [--workspace slug-or-id]");
            return 2;
        }

        try
        {
            await using var store = await CommandStore.OpenAsync(configuration, KeyName, cancel);
            if (Chosen(await store.WorkspacesAsync(wanted, cancel), wanted) is not { } workspace)
            {
                await error.WriteLineAsync(
                    wanted.Length > 0 ? $"There is no workspace '{wanted}'." : "Say which workspace: link --workspace slug-or-id");
                return 2;
            }

            var key = await KeyOfAsync(store.Source, workspace, cancel);
            var (code, _) = (await new SignInCodes(store.Source, TimeProvider.System).MakeAsync(key, Life, cancel))!.Value;
            await output.WriteLineAsync(
                code.UrlUnder(configuration.Read<AddressOptions>().KnownOr(LocalAddress.Of(configuration))));
            return 0;
        }
        catch (Exception problem) when (problem is NpgsqlException or PrivateServerException or IOException)
        {
            await error.WriteLineAsync($"link could not run: {problem.Message}");
            return 2;
        }
    }

    static int? Chosen(List<(int Key, string Slug)> workspaces, string wanted) => workspaces switch
    {
        [var only] => only.Key,
        _ when wanted.Length == 0 && workspaces.Exists(one => one.Slug == Usual) => workspaces.Find(one => one.Slug == Usual).Key,
        _ => null,
    };

    // Nobody has its text: only links stand for it.
    static async Task<string> KeyOfAsync(NpgsqlDataSource store, int workspace, CancellationToken cancel)
    {
        if (await store.ScalarAsync<string>(FindSql, [workspace, KeyName, Scopes.All], cancel) is { } known)
            return known;
        var text = ApiKeyText.New();
        var key = new ApiKey
        {
            Id = text.Id,
            SecretHash = text.SecretHash(),
            WorkspaceKey = workspace,
            Name = KeyName,
            Scopes = [.. Scopes.All],
            CreatedAt = TimeProvider.System.GetStoreNow(),
        };
        await MakeAsync(store, key, workspace, cancel);
        return key.Id;
    }

    // Whoever may run commands has the store: the trail says root. The service tells it, now or when it starts.
    static async Task MakeAsync(NpgsqlDataSource store, ApiKey key, int workspace, CancellationToken cancel)
    {
        var (told, now) = (AuditRecords.KeyCreated(key, new RootCaller()), key.CreatedAt.UtcDateTime);
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync(MakeSql, [key.Id, key.SecretHash, workspace, key.Name, key.Scopes, now], cancel);
        await connection.ExecuteAsync(TellSql, [workspace, told.Name, now, JsonSerializer.Serialize(told)], cancel);
        await transaction.CommitAsync(cancel);
    }
}
