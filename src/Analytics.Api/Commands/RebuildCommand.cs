using Analytics.Storage.Rollups;
using Npgsql;

namespace Analytics.Commands;

/// <summary><c>rebuild [--workspace slug-or-id]</c>: counts the rollups anew from raw events, while the service runs or not.</summary>
public static class RebuildCommand
{
    const string ListSql = """
        select workspace_id, slug
        from workspaces
        where $1 = '' or slug = $1 or id::text = $1
        order by workspace_id
        """;

    /// <summary>Ends with 0 when all were rebuilt, 1 when one was being rebuilt by another process, 2 when there is no such workspace.</summary>
    public static async Task<int> RunAsync(string? only, NpgsqlDataSource store, CancellationToken cancel)
    {
        var workspaces = new List<(int Key, string Slug)>();
        await using (var list = store.CreateCommand(ListSql))
        {
            list.Parameters.Add(new NpgsqlParameter<string> { TypedValue = only ?? "" });
            await using var reader = await list.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                workspaces.Add((reader.GetInt32(0), reader.GetString(1)));
        }

        if (workspaces.Count == 0 && only is not null)
        {
            await Console.Error.WriteLineAsync($"There is no workspace '{only}'.");
            return 2;
        }

        var busy = 0;
        foreach (var (key, slug) in workspaces)
        {
            var progress = new Progress<long>(done => Console.Error.WriteLine($"{slug}: {done:n0} events"));
            if (await new Rebuild(store, key).RunAsync([], progress, cancel))
                Console.WriteLine($"{slug}: rebuilt");
            else
            {
                busy++;
                Console.WriteLine($"{slug}: is being rebuilt by another process");
            }
        }

        return busy > 0 ? 1 : 0;
    }
}
