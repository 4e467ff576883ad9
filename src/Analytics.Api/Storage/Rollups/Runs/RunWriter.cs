using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>A stored run: sorted cells of one rollup, made from the facts of one section.</summary>
/// <param name="Number">Its number, of all runs there are.</param>
/// <param name="Tier">How often its cells were merged; those of tier 0 are not to be read yet.</param>
/// <param name="FirstCommit">The first commit whose facts are in it.</param>
/// <param name="LastCommit">The last one.</param>
/// <param name="Bytes">How large its pages are.</param>
/// <param name="Grains">The grains it has cells of.</param>
sealed record Run(long Number, short Tier, long FirstCommit, long LastCommit, long Bytes, Grains Grains);

/// <summary>Writes one run: cells in order, cut into pages, sent by COPY.</summary>
sealed class RunWriter(NpgsqlConnection connection, int workspace, Rollup rollup, Section section, Grains grains)
{
    const string CopySql =
        "copy rollup_pages (workspace_id, rollup, run, page, first_key, last_key, data) from stdin (format binary)";
    const int RowsPerCopy = 64;

    const string AddSql = """
        insert into rollup_runs (workspace_id, rollup, run, section, tier, first_commit, last_commit, pages, bytes, grains)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    readonly PageWriter page = new();
    readonly CopyBuffer copy = new();
    long run;
    int pages;
    long bytes;

    /// <summary>The grains it is to have cells of.</summary>
    public Grains Grains => grains;

    public async ValueTask AddAsync(CellKey key, ReadOnlyMemory<byte> cell, CancellationToken cancel)
    {
        if (!page.HasRoomFor(cell.Length))
            await FinishPageAsync(cancel);
        page.Add(key, cell.Span);
    }

    /// <summary>Makes the run visible with the transaction's commit. A run without a cell is none.</summary>
    public async Task FinishAsync(short tier, long firstCommit, long lastCommit, CancellationToken cancel)
    {
        await FinishPageAsync(cancel);
        await copy.SendAsync(connection, CopySql, cancel);
        if (pages > 0)
            await connection.ExecuteAsync(
                AddSql, [workspace, rollup.Id, run, section.Id, tier, firstCommit, lastCommit, pages, bytes, (short)grains], cancel);
    }

    async ValueTask FinishPageAsync(CancellationToken cancel)
    {
        if (page.IsEmpty)
            return;
        if (run == 0)
            run = await connection.ScalarAsync<long>("select nextval('rollup_run')", [], cancel);
        copy.StartRow(7);
        copy.Int32(workspace);
        copy.Int16(rollup.Id);
        copy.Int64(run);
        copy.Int32(pages++);
        copy.Int64(page.First.Place);
        copy.Int64(page.Last.Place);
        copy.Bytes(page.Bytes);
        bytes += page.Bytes.Length;
        page.Clear();
        if (copy.Rows == RowsPerCopy)
            await copy.SendAsync(connection, CopySql, cancel);
    }
}
