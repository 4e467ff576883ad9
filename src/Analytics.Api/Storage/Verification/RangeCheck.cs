using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// Recounts a range of whole days from the raw facts of a kind, in one snapshot. Days are taken until enough facts were seen, so few
/// facts need few snapshots; a very full day is settled on the way, so that memory stays bounded.
/// </summary>
sealed class RangeCheck(StoreSnapshot snapshot, DifferenceLog log, Catalogue catalogue, KindReading reading)
{
    const int EnoughFacts = 50_000;
    const int MaxKeys = 300_000;

    public int Facts { get; private set; }

    /// <summary>Recounts from the start of a day on; gives where to go on, or null at the end of time.</summary>
    public async Task<long?> RunAsync(long from, CancellationToken cancel)
    {
        await reading.BeginAsync(from, cancel);
        var fine = new FineCheck(snapshot, log, catalogue, reading.Sections, from);
        long? to = null;
        var counted = from;
        while (to is null && await reading.ReadAsync(cancel) is { } last)
        {
            to = Facts >= EnoughFacts && SlotCalendar.EndOfDay(counted) is var end && end <= last ? end : null;
            Facts += await reading.CountAsync(to ?? long.MaxValue, fine.Add, cancel);
            counted = last;
            if (fine.Count > MaxKeys && to is null)
                await SettleAsync(last);
        }

        // After the last fact something may still count.
        to ??= await reading.EndAsync(counted, cancel);
        await SettleAsync(to ?? long.MaxValue);
        return to;

        async Task SettleAsync(long end)
        {
            await reading.CountWithoutFactsAsync(from, end, fine.Add, cancel);
            from = end;
            await fine.SettleAsync(end, cancel);
        }
    }
}
