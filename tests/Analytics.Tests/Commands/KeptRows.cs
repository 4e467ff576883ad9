using System.Data;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Tests.Commands;

/// <summary>The rows of a workspace in all tables as of one moment, to be put back.</summary>
sealed class KeptRows
{
    // Not those that keys and members hang on, nor theirs: no fault is made there, and deleting some deletes others.
    const string TablesSql = """
        select quote_ident(c.relname)
        from pg_class c
        where c.relnamespace = current_schema()::regnamespace
          and c.relkind in ('r', 'p')
          and not c.relispartition
          and exists (select from pg_attribute where attrelid = c.oid and attname = 'workspace_id' and not attisdropped)
          and not exists (select from pg_constraint where contype = 'f' and (conrelid = c.oid or confrelid = c.oid))
        order by 1
        """;

    // What a binary copy begins with and ends with.
    const int Empty = 19 + 2;

    readonly NpgsqlDataSource store;
    readonly int workspace;
    readonly Dictionary<string, byte[]> rows;

    KeptRows(NpgsqlDataSource store, int workspace, Dictionary<string, byte[]> rows) =>
        (this.store, this.workspace, this.rows) = (store, workspace, rows);

    public static async Task<KeptRows> OfAsync(NpgsqlDataSource store, int workspace)
    {
        await using var connection = await store.OpenConnectionAsync();
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var kept = new Dictionary<string, byte[]>();
        foreach (var table in await connection.QueryAsync(TablesSql, [], row => row.GetString(0), default))
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(
                $"copy (select * from {table} where workspace_id = {workspace}) to stdout (format binary)");
            using var bytes = new MemoryStream();
            await copy.CopyToAsync(bytes);
            kept[table] = bytes.ToArray();
        }

        return new KeptRows(store, workspace, kept);
    }

    /// <summary>Takes away what there is by now, and freezes anew what was kept frozen.</summary>
    public async Task RestoreAsync()
    {
        await using var connection = await store.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("select from workspace_seq where workspace_id = $1 for update", [workspace], default);
        await connection.ExecuteAsync(
            string.Join("; ", rows.Keys.Select(table => $"delete from {table} where workspace_id = {workspace}")), [], default);
        foreach (var (table, bytes) in rows.Where(each => each.Value.Length > Empty))
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)");
            await copy.WriteAsync(bytes);
        }

        await connection.ExecuteAsync(StoredRollups.FreezeSql(), [workspace], default);
        await transaction.CommitAsync();
    }
}
