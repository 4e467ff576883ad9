
namespace Analytics.Storage.Sales;

/// <summary>What events count for by naming a share: one event, or all of a quarter hour that name the same person.</summary>
/// <param name="Own">The person they name; 0 for nobody.</param>
/// <param name="Timestamp">Microseconds since 1970.</param>
/// <param name="Events">How many.</param>
/// <param name="Cost">What they cost, in units of 1e-12.</param>
/// <param name="AreDownloads">Whether they are downloads.</param>
/// <param name="Bytes">The bytes they say.</param>
/// <param name="Unsized">Downloads among them that leave the bytes to their share.</param>
readonly record struct ShareCount(
    int Own, long Timestamp, long Events, Int128 Cost, bool AreDownloads, Int128 Bytes, long Unsized)
{
    public static ShareCount Of(ShareEventKind kind, int own, long timestamp, Int128 cost, ReadOnlySpan<byte> metadata)
    {
        var isDownload = kind == ShareEventKind.Downloaded;
        var bytes = isDownload ? ShareEvent.Of(metadata).Bytes : null;
        return new(own, timestamp, 1, cost, isDownload, bytes ?? 0, isDownload && bytes is null ? 1 : 0);
    }

    /// <summary>Adds them for the share and its customer; -1 times takes them back.</summary>
    public void AddTo(CommitSales table, Share share, int times)
    {
        var person = Own != 0 ? Own : share.Person;
        table.AddEvents(share.Number, person, Own, Timestamp, Events * times, Cost * times);
        if (!AreDownloads)
            return;
        table.Add(share.Number, person, Timestamp, SalesSum.Downloads, Events * times);
        table.Add(share.Number, person, Timestamp, SalesSum.DownloadedBytes, (Bytes + (Int128)share.Size * Unsized) * times);
    }
}
