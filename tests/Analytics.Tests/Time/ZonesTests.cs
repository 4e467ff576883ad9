using Analytics.Time;

namespace Analytics.Tests.Time;

public sealed class ZonesTests
{
    [Theory]
    [InlineData("UTC"), InlineData("Etc/UTC"), InlineData("Etc/GMT+5"), InlineData("Asia/Calcutta"), InlineData("Asia/Kolkata"), InlineData("Europe/Kiev")]
    [InlineData("Europe/Kyiv"), InlineData("US/Pacific"), InlineData("GMT"), InlineData("EST5EDT"), InlineData("America/Argentina/ComodRivadavia")]
    [InlineData("Asia/Katmandu"), InlineData("Africa/Asmera"), InlineData("America/Godthab"), InlineData("Pacific/Enderbury"), InlineData("Zulu")]
    [InlineData("Asia/Saigon"), InlineData("Asia/Rangoon"), InlineData("GB-Eire"), InlineData("PRC"), InlineData("MST"), InlineData("America/Coyhaique")]
    public void A_zone_is_found_by_any_of_its_names(string name)
    {
        Assert.True(Zones.TryFind(name, out var zone));
        Assert.Equal(name, zone.Name);
    }

    [Theory, InlineData(null), InlineData(""), InlineData("Mars/Olympus"), InlineData("UTC+03:00"), InlineData("UTC+3"), InlineData("+03:00")]
    [InlineData("Europe/Paris "), InlineData("Europe"), InlineData("W. Europe Standard Time"), InlineData("../etc/passwd")]
    public void What_is_no_zone_is_not_found(string? name) => Assert.False(Zones.TryFind(name, out _));

    [Fact]
    public void An_alias_has_the_rules_of_its_zone()
    {
        var now = SomeZones.Utc("2026-07-01T00:00:00Z");
        Assert.Equal(SomeZones.Find("Asia/Kolkata").OffsetAt(now), SomeZones.Find("Asia/Calcutta").OffsetAt(now));
        Assert.Equal(SomeZones.Find("Europe/Kyiv").OffsetAt(now), SomeZones.Find("Europe/Kiev").OffsetAt(now));
    }
}
