using System.Runtime.InteropServices;
using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Adds up people's quarter hours, which come in order, to their days: of UTC, and of the workspace's zone when that is another.
/// A run of quarter hours whose days were written is marked; readers of long ranges then take its days instead.
/// </summary>
sealed class PersonDays(RunWriter target, Timeline timeline)
{
    const int LocalBit = 1 << 23;

    readonly Dictionary<(long Key, int Type), Cell> days = [];
    readonly ByteWriter bytes = new(1024);
    int person;

    /// <summary>Days are too many and too poor to be worth it in a run of fewer bytes than this.</summary>
    public const long MinBytes = 4 * 1024 * 1024;

    /// <summary>As the key of a quarter hour, with the day in its place.</summary>
    public static long Key(int person, Level level, int day) =>
        CommitFacts.Key(person, level == Level.LocalDay ? LocalBit | day : day);

    public static Level LevelOf(long key) => (key & LocalBit) == 0 ? Level.Day : Level.LocalDay;

    public static int DayOf(long key) => (int)(key & (LocalBit - 1));

    /// <summary>A cell of a person's quarter hour, or a part of it.</summary>
    public async ValueTask AddAsync(long key, int type, ReadOnlyMemory<byte> cell, CancellationToken cancel)
    {
        if (CommitFacts.PersonOf(key) != person)
            await FlushAsync(cancel);
        person = CommitFacts.PersonOf(key);
        var quarter = CommitFacts.QuarterOf(key);
        Add(Level.Day, Timeline.DayOf(quarter), type, cell.Span);
        if (timeline.HasLocalLevels)
            Add(Level.LocalDay, timeline.IndexOf(Level.LocalDay, quarter), type, cell.Span);
    }

    void Add(Level level, int day, int type, ReadOnlySpan<byte> cell)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(days, (Key(person, level, day), type), out _);
        CellFormat.Merge(cell, sum ??= new Cell(), CellParts.Everything);
    }

    public async Task FinishAsync(short tier, long firstSequence, long lastSequence, CancellationToken cancel)
    {
        await FlushAsync(cancel);
        await target.FinishAsync(tier, firstSequence, lastSequence, cancel);
    }

    async ValueTask FlushAsync(CancellationToken cancel)
    {
        foreach (var ((key, type), cell) in days.OrderBy(day => day.Key))
        {
            bytes.Reset();
            CellFormat.Write(bytes, cell);
            await target.AddAsync(key, type, bytes.WrittenMemory, cancel);
        }

        days.Clear();
    }
}
