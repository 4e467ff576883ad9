using Analytics.Storage;
using Npgsql;

namespace Analytics.Commands;

/// <summary>
/// Tells whoever started a service without any workspace how to get in. The root key is theirs already: it was set, or printed.
/// </summary>
sealed class FirstStart(Serving serving, NpgsqlDataSource store) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await serving.BeginsAsync(stoppingToken);
        if (await store.ScalarAsync<bool>("select not exists (select from workspaces)", [], stoppingToken))
            Greet(serving.Local);
    }

    static void Greet(Uri address) => Console.WriteLine($$"""

        Analytics listens on {{address}} and has no workspace yet. Make one with the root key, and a link that signs in to its dashboard:

          curl -s {{address}}api/workspaces -H "Authorization: Bearer $ROOT_KEY" -H 'Content-Type: application/json' \
            -d '{"name":"Acme","slug":"acme"}'
          ./run.sh link --workspace acme      # in a container: dotnet Analytics.Api.dll link --workspace acme

        """);
}
