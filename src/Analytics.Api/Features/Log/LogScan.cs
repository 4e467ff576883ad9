using Analytics.Reading;

namespace Analytics.Features.Log;

/// <summary>
/// Merges the log's sources from the newest record back. Always the one is looked at that is behind the others, so that what was found is
/// told only when no source can have anything newer.
/// </summary>
sealed class LogScan(IReadOnlyList<LogSource> sources, TimeProvider clock)
{
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(850);

    /// <summary>Up to where everything was looked at, this place included; null when that is all.</summary>
    public FactPlace? End { get; private set; }

    /// <summary>What was found, the newest first: at most so many, or what a second of looking finds.</summary>
    public async Task<List<(FactPlace Place, LogSource Source)>> RunAsync(int wanted)
    {
        var since = clock.GetTimestamp();
        while (Last() is { } last && Told(last.Frontier).Count() < wanted && clock.GetElapsedTime(since) < Longest)
            await last.StepAsync(wanted, clock);
        End = Last()?.Frontier;
        return [.. Told(End).OrderByDescending(found => found.Place).Take(wanted)];
    }

    /// <summary>The source that has looked back least.</summary>
    LogSource? Last() => sources.Where(source => source.Frontier is not null).MaxBy(source => source.Frontier!.Value);

    /// <summary>What was found that nothing newer can come before.</summary>
    IEnumerable<(FactPlace Place, LogSource Source)> Told(FactPlace? end) =>
        from source in sources
        from place in source.Found
        where end is not { } until || place >= until
        select (place, source);
}
