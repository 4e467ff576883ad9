using Npgsql;

namespace Analytics.Tests.Features.Erasure;

/// <summary>Looks for texts in every table of the store, whatever its columns are.</summary>
static class WholeStore
{
    const string TablesSql = """
        select quote_ident(c.relname), exists (select from pg_attribute where attrelid = c.oid and attname = 'workspace_id' and attnotnull)
        from pg_class c
        where c.relnamespace = current_schema()::regnamespace
          and c.relkind in ('r', 'p')
          and not c.relispartition
        order by 1
        """;

    /// <summary>The tables that have a row of the workspace, or of no workspace, with one of the texts somewhere in it.</summary>
    public static async Task<List<string>> TablesWithAsync(this WorkspaceClient workspace, IEnumerable<string> texts)
    {
        var number = await workspace.NumberAsync();
        string[] patterns = [.. texts.Select(text => $"%{text}%")];
        var found = new List<string>();
        foreach (var (table, isOfWorkspaces) in await TablesAsync(workspace.Api.Store))
        {
            await using var look = workspace.Api.Store.CreateCommand(
                $"select exists (select from {table} t where {(isOfWorkspaces ? "workspace_id = $1 and " : "$1 > 0 and ")} to_jsonb(t)::text ilike any($2))");
            look.Parameters.Add(new() { Value = number });
            look.Parameters.Add(new() { Value = patterns });
            if (await look.ExecuteScalarAsync() is true)
                found.Add(table);
        }

        return found;
    }

    static async Task<List<(string Table, bool IsOfWorkspaces)>> TablesAsync(NpgsqlDataSource store)
    {
        var tables = new List<(string, bool)>();
        await using var names = store.CreateCommand(TablesSql);
        await using var row = await names.ExecuteReaderAsync();
        while (await row.ReadAsync())
            tables.Add((row.GetString(0), row.GetBoolean(1)));
        return tables;
    }
}
