using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>Walks through a stored run from its first cell to its last, some pages at a time.</summary>
sealed class RunCursor(NpgsqlConnection connection, int workspace, RollupId rollup, long run)
{
    const int PagesAtOnce = 64;

    readonly Queue<byte[]> pages = new();
    (long FirstKey, int Page) last = (long.MinValue, -1);
    PageReader page;
    bool isOver;

    public long Run => run;
    public long Key => page.Key;
    public int Type => page.Type;
    public ReadOnlyMemory<byte> Cell => page.Cell;

    public async ValueTask<bool> ReadAsync(CancellationToken cancel)
    {
        while (!page.Read())
        {
            if (pages.Count == 0)
                await FetchAsync(cancel);
            if (!pages.TryDequeue(out var next))
                return false;
            page = new PageReader(next);
        }

        return true;
    }

    async Task FetchAsync(CancellationToken cancel)
    {
        if (isOver)
            return;
        await using var fetch = new NpgsqlCommand("""
            select first_key, page, data
            from rollup_pages
            where workspace_id = $1
              and rollup = $2
              and run = $3
              and (first_key, page) > ($4, $5)
            order by first_key, page
            limit $6
            """, connection);
        fetch.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        fetch.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)rollup });
        fetch.Parameters.Add(new NpgsqlParameter<long> { TypedValue = run });
        fetch.Parameters.Add(new NpgsqlParameter<long> { TypedValue = last.FirstKey });
        fetch.Parameters.Add(new NpgsqlParameter<int> { TypedValue = last.Page });
        fetch.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PagesAtOnce });
        await using var reader = await fetch.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            last = (reader.GetInt64(0), reader.GetInt32(1));
            pages.Enqueue(reader.GetFieldValue<byte[]>(2));
        }

        isOver = pages.Count < PagesAtOnce;
    }
}
