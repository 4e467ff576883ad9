namespace Analytics.Storage;

/// <summary>Where a workspace's streams are: the number of its last event, and that of the last fact in its log.</summary>
readonly record struct StreamPositions(long Events, long Log)
{
    public static StreamPositions Later(StreamPositions one, StreamPositions other) =>
        new(Math.Max(one.Events, other.Events), Math.Max(one.Log, other.Log));
}
