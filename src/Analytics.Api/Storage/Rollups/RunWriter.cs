using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>Writes one run of a rollup: cells in order, cut into pages, sent by COPY.</summary>
sealed class RunWriter(NpgsqlConnection connection, int workspace, RollupId rollup)
{
    const string CopySql =
        "copy rollup_pages (workspace_id, rollup, run, page, first_key, last_key, data) from stdin (format binary)";
    const int RowsPerCopy = 64;

    readonly PageWriter page = new();
    readonly CopyBuffer copy = new();
    long run;
    int pages;
    long bytes;

    /// <summary>Whether its cells are added up in a run of <see cref="RollupId.PeopleDays"/> too.</summary>
    public bool HasDays { get; init; }

    public async ValueTask AddAsync(long key, int type, ReadOnlyMemory<byte> cell, CancellationToken cancel)
    {
        if (!page.HasRoomFor(cell.Length))
            await FinishPageAsync(cancel);
        page.Add(key, type, cell.Span);
    }

    /// <summary>Makes the run visible with the transaction's commit. A run without a cell is none.</summary>
    public async Task FinishAsync(short tier, long firstSequence, long lastSequence, CancellationToken cancel)
    {
        await FinishPageAsync(cancel);
        await copy.SendAsync(connection, CopySql, cancel);
        if (pages == 0)
            return;
        await using var add = new NpgsqlCommand("""
            insert into rollup_runs (workspace_id, rollup, run, tier, first_seq, last_seq, pages, bytes, has_days)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, connection);
        add.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        add.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)rollup });
        add.Parameters.Add(new NpgsqlParameter<long> { TypedValue = run });
        add.Parameters.Add(new NpgsqlParameter<short> { TypedValue = tier });
        add.Parameters.Add(new NpgsqlParameter<long> { TypedValue = firstSequence });
        add.Parameters.Add(new NpgsqlParameter<long> { TypedValue = lastSequence });
        add.Parameters.Add(new NpgsqlParameter<int> { TypedValue = pages });
        add.Parameters.Add(new NpgsqlParameter<long> { TypedValue = bytes });
        add.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = HasDays });
        await add.ExecuteNonQueryAsync(cancel);
    }

    async ValueTask FinishPageAsync(CancellationToken cancel)
    {
        if (page.IsEmpty)
            return;
        if (run == 0)
            run = await NextRunAsync(cancel);
        copy.StartRow(7);
        copy.Int32(workspace);
        copy.Int16((short)rollup);
        copy.Int64(run);
        copy.Int32(pages++);
        copy.Int64(page.FirstKey);
        copy.Int64(page.LastKey);
        copy.Bytes(page.Bytes);
        bytes += page.Bytes.Length;
        page.Clear();
        if (copy.Rows < RowsPerCopy)
            return;
        await copy.SendAsync(connection, CopySql, cancel);
        copy.Clear();
    }

    async Task<long> NextRunAsync(CancellationToken cancel)
    {
        await using var next = new NpgsqlCommand("select nextval('rollup_run')", connection);
        return (long)(await next.ExecuteScalarAsync(cancel))!;
    }
}
