using Npgsql;

namespace Analytics.Storage.Schema;

/// <summary>
/// Spreads the tables over the machines of a Citus cluster when the store is one: the rows of a workspace together, the few tables
/// above workspaces in full on every machine. On plain Postgres there is nothing to do. See docs/decisions/0009.
/// </summary>
sealed class CitusTables(NpgsqlDataSource store)
{
    const int Lock = 0x63697475;

    // Every other table lies where this one has its workspace.
    const string Lead = "workspace_seq";

    /// <summary>
    /// The tables, and whether each can lie with its workspaces: every key of it begins with the workspace, and it refers to no other.
    /// </summary>
    public const string TablesSql = """
        select c.relname,
            not exists (select from pg_constraint where conrelid = c.oid and contype = 'f')
            and coalesce((
                select bool_and(a.attname = 'workspace_id')
                from pg_index i
                join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
                where i.indrelid = c.oid and i.indisunique), false)
        from pg_class c
        where c.relnamespace = current_schema()::regnamespace
          and c.relkind in ('r', 'p')
          and not c.relispartition
          and c.relname <> '__EFMigrationsHistory'
        """;

    const string NotSpreadSql = $"""
        {TablesSql}
          and not exists (select from pg_dist_partition where logicalrelid = c.oid and (partmethod = 'h' or repmodel = 't'))
        order by c.relname <> '{Lead}', exists (select from pg_constraint where conrelid = c.oid and contype = 'f'), c.relname
        """;

    /// <summary>Whether the store is a cluster: known when the store is ready.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Spreads the tables that are not yet, those of later migrations too. Safe when several nodes do it together.</summary>
    public async Task SpreadAsync(CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        if (!await connection.ScalarAsync<bool>("select exists (select from pg_extension where extname = 'citus')", [], cancel))
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // One connection to each machine: tables that refer to each other are moved in one transaction only so.
        await connection.ExecuteAsync("set local citus.multi_shard_modify_mode = 'sequential'", [], cancel);
        // Moving the rows of a store that has lived before takes its time, for those who wait too.
        await connection.ExecuteForAsLongAsItTakesAsync($"select pg_advisory_xact_lock({Lock})", [], cancel);
        foreach (var (table, isOfWorkspaces) in await connection.QueryAsync(
            NotSpreadSql, [], row => (row.GetString(0), row.GetBoolean(1)), cancel))
        {
            await connection.ExecuteForAsLongAsItTakesAsync(
                isOfWorkspaces
                    ? $"select create_distributed_table($1::regclass, 'workspace_id', colocate_with => '{(table == Lead ? "none" : Lead)}')"
                    : "select create_reference_table($1::regclass)",
                [table], cancel);
            // What the table held before it was spread would stay on the coordinator, where nothing ever erased it.
            await connection.ExecuteForAsLongAsItTakesAsync(
                "select truncate_local_data_after_distributing_table($1::regclass)", [table], cancel);
        }

        await transaction.CommitAsync(cancel);
        IsOn = true;
    }
}
