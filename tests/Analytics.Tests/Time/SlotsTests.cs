using Analytics.Time;

namespace Analytics.Tests.Time;

public sealed class SlotsTests
{
    [Theory]
    [InlineData("2000-01-01T00:00:00Z", 0, 0, 0), InlineData("2000-01-01T00:15:00Z", 1, 0, 0), InlineData("1999-12-31T23:59:59.999999Z", -1, -1, -1)]
    [InlineData("2000-01-02T01:14:59.999999Z", 100, 25, 1), InlineData("1999-12-31T00:00:00Z", -96, -24, -1), InlineData("1999-12-30T23:59:59Z", -97, -25, -2)]
    public void Slots_count_from_the_year_2000(string text, int slot, int hour, int day)
    {
        var instant = SomeZones.Utc(text);
        var microseconds = Slots.ToMicroseconds(instant);
        Assert.Equal((slot, slot), (Slots.Of(instant), Slots.Of(microseconds)));
        Assert.Equal((hour, day), (Slots.HourOf(microseconds), Slots.DayOf(microseconds)));
        Assert.Equal((hour, day), (Slots.HourOfSlot(slot), Slots.DayOfSlot(slot)));
    }

    [Fact]
    public void A_slot_starts_where_the_one_before_ends()
    {
        var random = new Random(91);
        for (var round = 0; round < 10_000; round++)
        {
            var slot = random.Next(-1_000_000, 6_000_000);
            var start = Slots.StartOf(slot);
            Assert.Equal((slot, slot - 1), (Slots.Of(start), Slots.Of(start.AddMicroseconds(-1))));
            Assert.True(Slots.IsStart(start) && !Slots.IsStart(start.AddTicks(1)));
            Assert.Equal(Slots.ToMicroseconds(start), Slots.StartMicroseconds(slot));
            Assert.Equal(slot - (((slot % 4) + 4) % 4), Slots.Of(Slots.StartOfHour(Slots.HourOfSlot(slot))));
            Assert.Equal(slot - (((slot % 96) + 96) % 96), Slots.Of(Slots.StartOfDay(Slots.DayOfSlot(slot))));
        }
    }
}
