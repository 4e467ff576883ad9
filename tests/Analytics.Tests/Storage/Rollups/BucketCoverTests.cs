using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Time;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>Buckets are covered by as few slots as there can be, each time once; what cuts a slot is an edge.</summary>
public sealed class BucketCoverTests
{
    const Grains All = Grains.QuarterHour | Grains.Hour | Grains.Day | Grains.Month | Grains.LocalDay | Grains.LocalMonth;
    const Grains OfMany = All | Grains.SixHours | Grains.Week | Grains.LocalWeek;
    static readonly DateTimeOffset Start = new(2025, 3, 20, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_year_by_day_reads_its_days()
    {
        var cover = Cover(Timeline.Utc, Grain.QuarterHour, Enumerable.Range(0, 366).Select(day => Start.AddDays(day)));
        Assert.Equal([(Grain.Day, 365)], Read(cover, All));
    }

    [Fact]
    public void A_local_month_reads_one_slot_and_a_cut_one_reads_finer_ones_at_its_edges()
    {
        var paris = Timeline.Of("Europe/Paris");
        var april = new DateTimeOffset(2025, 4, 1, 0, 0, 0, TimeSpan.FromHours(2));
        Assert.Equal([(Grain.LocalMonth, 1)], Read(Cover(paris, Grain.QuarterHour, [april, april.AddMonths(1)]), All));
        Assert.Equal(
            [(Grain.QuarterHour, 3), (Grain.Hour, 23), (Grain.LocalMonth, 1)],
            Read(Cover(paris, Grain.QuarterHour, [april.AddHours(-24).AddMinutes(15), april.AddMonths(1)]), All));
    }

    [Fact]
    public void Thirty_days_are_read_by_weeks_and_what_is_left_of_days_by_six_hours()
    {
        // A Thursday, 13:00.
        var from = Start.AddHours(13);
        Assert.Equal(
            [(Grain.Hour, 7), (Grain.Day, 8), (Grain.SixHours, 3), (Grain.Week, 3)],
            Read(Cover(Timeline.Utc, Grain.QuarterHour, [from, from.AddDays(30).AddHours(1)]), OfMany));
        var paris = Timeline.Of("Europe/Paris");
        var midnight = new DateTimeOffset(2025, 3, 20, 0, 0, 0, TimeSpan.FromHours(1));
        Assert.Equal(
            [(Grain.LocalDay, 9), (Grain.LocalWeek, 3)],
            Read(Cover(paris, Grain.QuarterHour, [midnight, midnight.AddDays(30).AddHours(-1)]), OfMany));
    }

    [Fact]
    public void Runs_without_coarse_grains_are_read_by_their_finest()
    {
        var cover = Cover(Timeline.Utc, Grain.QuarterHour, [Start, Start.AddDays(1)]);
        Assert.Equal([(Grain.QuarterHour, 96)], Read(cover, Grains.QuarterHour));
        Assert.Equal([(Grain.Day, 1)], Read(cover, Grains.QuarterHour | Grains.Day));
    }

    [Theory]
    [InlineData("UTC", 1), InlineData("Europe/Paris", 2), InlineData("Asia/Kathmandu", 3), InlineData("America/St_Johns", 4)]
    [InlineData("Australia/Lord_Howe", 5), InlineData("Pacific/Apia", 6)]
    public void Every_moment_is_in_one_slot_or_edge_of_its_bucket(string zone, int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var finest = random.Next(2) == 0 ? Grain.Minute : Grain.QuarterHour;
            var step = random.Next(3) switch { 0 => Timeline.QuarterHour, 1 => Timeline.Minute, _ => 1 };
            var start = Rfc3339.Microseconds(Start.AddDays(random.Next(-300, 300)));
            var bounds = Enumerable.Range(0, random.Next(2, 8))
                .Select(_ => (start + random.NextInt64((long)Math.Pow(10, random.Next(7, 13)))) / step * step).Distinct().Order().ToList();
            if (bounds.Count < 2)
                continue;
            var timeline = Timeline.Of(zone);
            var cover = Cover(timeline, finest, bounds.Select(bound => DateTimeOffset.UnixEpoch.AddTicks(bound * 10)));
            foreach (var stored in new[] { OfMany | Grains.Minute, GrainSets.OfLeads | Grains.Minute, All | Grains.Minute, Grains.QuarterHour | Grains.Minute | Grains.LocalDay, (Grains)(1 << (int)finest) })
                for (var moment = 0; moment < 60; moment++)
                {
                    var at = random.Next(2) == 0 ? bounds[random.Next(bounds.Count)] - random.Next(2) : start + random.NextInt64(1_000_000_000_000);
                    var bucket = bounds.FindLastIndex(bound => bound <= at);
                    Assert.Equal(bucket == bounds.Count - 1 ? [] : bucket < 0 ? [] : [bucket], BucketsOf(cover, timeline, finest, stored, at));
                }
        }
    }

    /// <summary>The buckets that a moment is read for, by slots and edges; and, of facts, by the finest slot.</summary>
    static List<int> BucketsOf(BucketCover cover, Timeline timeline, Grain finest, Grains stored, long at)
    {
        var slot = Timeline.SlotOf(finest, at);
        var buckets = cover.Edges.Where(edge => edge.From <= at && at < edge.To).Select(edge => edge.Bucket).ToList();
        var byFact = cover.BucketOf(finest, slot);
        var bySlots = new List<int>();
        stored = timeline.Needed(stored);
        foreach (var (grain, from, to) in cover.Ranges(stored).ToList())
            if (timeline.SlotOf(grain, finest, slot) is var coarse && coarse >= from && coarse <= to
                && cover.Buckets(stored, grain)(coarse) is var bucket and >= 0)
                bySlots.Add(bucket);
        Assert.Equal(byFact < 0 ? [] : [byFact], bySlots);
        return [.. buckets, .. bySlots];
    }

    static BucketCover Cover(Timeline timeline, Grain finest, IEnumerable<DateTimeOffset> bounds)
    {
        var all = bounds.ToList();
        return new([.. all.Zip(all.Skip(1), (from, to) => new Bucket(from, to, from, to))], timeline, (all.Count % 2 == 0 ? EventRollups.Timeline : EventRollups.People) with { Grains = OfMany | Grains.All | (Grains)(1 << (int)finest) });
    }

    static List<(Grain, int)> Read(BucketCover cover, Grains stored) =>
    [
        .. cover.Ranges(cover.Timeline.Needed(stored)).GroupBy(range => range.Grain, range => range.To - range.From + 1)
            .Select(grain => (grain.Key, grain.Sum())).OrderBy(grain => grain.Key),
    ];
}
