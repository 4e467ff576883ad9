using Analytics.Storage.Cells;
using Npgsql;

namespace Analytics.Storage.Rollups.Runs;

/// <summary>Walks through a stored run from its first cell to its last, some pages at a time.</summary>
/// <param name="connection">Where the run is read.</param>
/// <param name="workspace">Whose run.</param>
/// <param name="rollup">Of which rollup.</param>
/// <param name="run">Which run.</param>
/// <param name="without">Grains whose cells are stepped over, as if there were none.</param>
sealed class RunCursor(NpgsqlConnection connection, int workspace, Rollup rollup, Run run, Grains without = Grains.None) : CellSource
{
    const int PagesAtOnce = 64;

    const string PagesSql = """
        select first_key, page, data
        from rollup_pages
        where workspace_id = $1
          and rollup = $2
          and run = $3
          and (first_key, page) > ($4, $5)
        order by first_key, page
        limit $6
        """;

    readonly Queue<byte[]> pages = new();
    (long FirstKey, int Page) last = (long.MinValue, -1);
    PageReader page;
    bool isOver;

    public override CellKey Key => page.Key;

    public override ReadOnlyMemory<byte> Bytes => page.Cell;

    public override Grains Grains => run.Grains & ~without;

    public override async ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        do
            while (!page.Read())
            {
                if (pages.Count == 0)
                    await FetchAsync(cancel);
                if (!pages.TryDequeue(out var next))
                    return false;
                page = new PageReader(next);
            }
        while (without.Has(page.Key.Grain));
        return true;
    }

    async Task FetchAsync(CancellationToken cancel)
    {
        if (isOver)
            return;
        await connection.EachAsync(PagesSql, [workspace, rollup.Id, run.Number, last.FirstKey, last.Page, PagesAtOnce], row =>
        {
            last = (row.GetInt64(0), row.GetInt32(1));
            pages.Enqueue(row.GetFieldValue<byte[]>(2));
        }, cancel);
        isOver = pages.Count < PagesAtOnce;
    }
}
