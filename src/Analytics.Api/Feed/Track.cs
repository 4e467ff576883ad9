using Analytics.Storage;

namespace Analytics.Feed;

/// <summary>
/// What a stream goes by: the numbers of events, or those of the log, where every kind of fact has one. Both are without a gap; a
/// position in one says nothing of the other, and what moves only the log is no news to streams of events.
/// </summary>
/// <param name="id">Stands in cursors: one of another track is none.</param>
/// <param name="now">The column of <c>workspace_seq</c> with the last number.</param>
/// <param name="first">The column of <c>commits</c> with a row's first number, null where its facts have none.</param>
/// <param name="last">And the last one.</param>
/// <param name="of">Where a workspace is.</param>
sealed class Track(byte id, string now, string first, string last, Func<StreamPositions, long> of)
{
    public static readonly Track Events = new(0, "seq", "first_seq", "last_seq", positions => positions.Events);
    public static readonly Track Log = new(1, "log_seq", "first_log", "last_log", positions => positions.Log);

    public static IReadOnlyList<Track> All { get; } = [Events, Log];

    public byte Id => id;
    public string Now => now;
    public string First => first;
    public string Last => last;

    public long Of(StreamPositions positions) => of(positions);
}
