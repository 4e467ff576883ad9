using Analytics.Storage.Facts;
using Analytics.Storage.Rollups.Runs;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>Takes what a recount hands out and writes it as runs, as few and as large as memory allows.</summary>
sealed class RecountedRuns(Flush flush, short tier, long firstCommit, long lastCommit, CancellationToken cancel)
{
    const int BytesAtOnce = 24 * 1024 * 1024;

    readonly Dictionary<Section, List<byte[]>> deltas = [];
    long bytes;

    public async Task AddAsync(Section section, byte[] delta)
    {
        if (!deltas.TryGetValue(section, out var waiting))
            deltas.Add(section, waiting = []);
        waiting.Add(delta);
        bytes += delta.Length;
        if (bytes > BytesAtOnce)
            await WriteAsync();
    }

    /// <summary>Writes what is still held.</summary>
    public async Task WriteAsync()
    {
        foreach (var (section, waiting) in deltas)
            await flush.WriteAsync(section, waiting, tier, firstCommit, lastCommit, cancel);
        deltas.Clear();
        bytes = 0;
    }
}
