using System.Buffers;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups.Runs;
using Npgsql;

namespace Analytics.Storage.Rollups.Reading;

/// <summary>What is read of a page: keys at places [Low, High] of a run that has some grains.</summary>
readonly record struct PageRange(long Low, long High, Grains Grains);

/// <summary>
/// Takes pages as they come. Few are taken at once; of many a batch is taken on another processor while the next one comes.
/// </summary>
/// <param name="take">Takes a page: one at a time, in the order they come.</param>
sealed class PageBatches(Action<PageReader, PageRange> take)
{
    const int PagesOfABatch = 16;

    sealed class Batch
    {
        readonly List<(int From, int Length, PageRange Range)> pages = [];
        byte[] bytes = [];
        int length;

        public bool IsFull => pages.Count == PagesOfABatch;

        public void Add(NpgsqlDataReader row)
        {
            var size = (int)row.GetBytes(0, 0, null, 0, 0);
            if (length + size > bytes.Length)
                Grow(Math.Max(length + size, pages.Count == 0 ? PageWriter.UsualSize : PagesOfABatch * PageWriter.UsualSize));
            row.GetBytes(0, 0, bytes, length, size);
            pages.Add((length, size, new(row.GetInt64(1), row.GetInt64(2), (Grains)row.GetInt16(3))));
            length += size;
        }

        public void Take(Action<PageReader, PageRange> take)
        {
            foreach (var (from, size, range) in pages)
                take(new PageReader(bytes.AsMemory(from, size)), range);
            pages.Clear();
            length = 0;
        }

        public void Return() => ArrayPool<byte>.Shared.Return(bytes);

        void Grow(int size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(size);
            bytes.AsSpan(0, length).CopyTo(larger);
            Return();
            bytes = larger;
        }
    }

    Batch coming = new();
    Batch taken = new();
    Task taking = Task.CompletedTask;

    /// <summary>Takes all pages that a statement answers: their bytes, low, high and grains.</summary>
    public async Task ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        try
        {
            await using (command)
            await using (var row = await command.ExecuteReaderAsync(cancel))
                while (await row.ReadAsync(cancel))
                {
                    if (coming.IsFull)
                        await TurnAsync();
                    coming.Add(row);
                }

            await taking;
            coming.Take(take);
        }
        finally
        {
            // Nobody takes anything any more once this has ended, however it ends.
            await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            coming.Return();
            taken.Return();
        }
    }

    async Task TurnAsync()
    {
        await taking;
        (coming, taken) = (taken, coming);
        var full = taken;
        taking = Task.Run(() => full.Take(take), CancellationToken.None);
    }
}
