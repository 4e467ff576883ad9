using Analytics.Features.Business.Query.Raw;
using Analytics.Time;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Features.Business.Query;

/// <summary>How a time is cut into slices, the newest first, and since when everything is counted.</summary>
public sealed class RawSlicesTests
{
    static readonly TimeRange Days = new(Some.Day, Some.Day.AddDays(30), Zones.Utc);
    readonly FakeTimeProvider clock = new();

    [Fact]
    public void Slices_tile_the_time_from_its_end_grow_where_little_happened_and_leave_some_for_another()
    {
        var slices = new RawSlices(Days, clock);
        var (end, lengths) = (Days.To, new List<TimeSpan>());

        while (slices.Next() is { } slice)
        {
            Assert.Equal(end, slice.To);
            (end, _) = (slice.From, slice.Place);
            lengths.Add(slice.To - slice.From);
            slices.Done(slice, null!, _ => { });
        }

        Assert.Equal(Days.From, end);
        Assert.Null(slices.ScannedFrom);
        Assert.Equal([5, 20, 80, 320, 1_280, 5_120], lengths.Take(6).Select(length => length.TotalMinutes));
        Assert.All(lengths.Skip(6).SkipLast(1), length => Assert.True(length <= Days.To - Days.From));
    }

    [Fact]
    public void A_slice_that_took_long_makes_the_next_one_shorter()
    {
        var slices = new RawSlices(Days, clock);
        var first = slices.Next()!.Value;

        clock.Advance(TimeSpan.FromMilliseconds(799));
        slices.Done(first, null!, _ => { });

        var second = slices.Next()!.Value;
        Assert.Equal(TimeSpan.FromSeconds(75), second.To - second.From);
    }

    [Fact]
    public void Where_nothing_is_is_stepped_over_unless_somebody_took_it()
    {
        var slices = new RawSlices(Days, clock);

        slices.Skip(Days.To.AddDays(-9), slices.End);
        Assert.Equal(Days.To.AddDays(-9), slices.ScannedFrom);
        var end = slices.End;
        var first = slices.Next()!.Value;
        slices.Skip(Days.From, end);

        Assert.Equal((Days.To.AddDays(-9), TimeSpan.FromMinutes(5)), (first.To, first.To - first.From));
        Assert.Equal(first.From, slices.End);
        slices.Done(first, null!, _ => { });
        slices.Skip(DateTimeOffset.MinValue, slices.End);
        Assert.Null(slices.Next());
        Assert.Null(slices.ScannedFrom);
    }

    [Fact]
    public void What_is_not_contiguous_is_not_counted()
    {
        var (slices, added) = (new RawSlices(Days, clock), new List<int>());
        var (first, second, third) = (slices.Next()!.Value, slices.Next()!.Value, slices.Next()!.Value);

        slices.Done(third, null!, _ => added.Add(3));
        Assert.Equal(Days.To, slices.ScannedFrom);
        slices.Done(first, null!, _ => added.Add(1));
        Assert.Equal(first.From, slices.ScannedFrom);
        slices.Done(second, null!, _ => added.Add(2));

        Assert.Equal(third.From, slices.ScannedFrom);
        Assert.Equal([1, 2, 3], added);
    }

    [Fact]
    public void After_a_failure_no_slice_begins()
    {
        var slices = new RawSlices(Days, clock);
        slices.Next();

        slices.Stop();

        Assert.Null(slices.Next());
        Assert.Equal(Days.To, slices.ScannedFrom);
    }
}
