using System.Globalization;

namespace Analytics.Commands.Demo.Life;

/// <summary>
/// What happens in a second while somebody looks: a thing that somebody does in the product, a call of its API, or an agent's of a tool.
/// </summary>
static class Pulse
{
    // What follows from a deed follows within seconds, and nothing of it is still to come.
    static readonly TimeSpan Ago = TimeSpan.FromSeconds(5);

    const int SecondsOfASession = 1_200;

    /// <summary>The facts of a second, and the part they belong to. They are those of the second, whoever makes them up.</summary>
    public static (string Part, object[] Facts) Of(DateTimeOffset now)
    {
        var second = now.ToUnixTimeSeconds();
        var at = DateTimeOffset.FromUnixTimeSeconds(second) - Ago;
        var random = new Random((int)(second % int.MaxValue));
        var key = string.Create(CultureInfo.InvariantCulture, $"pulse-{second}");
        if (second % 3 == 0)
            return ("requests", [Calls.One(EventList.One(Endpoints.All, random), at, key, slowness: 1, random).Fact.Body]);
        var events = new EventList();
        if (second % 8 == 1)
            Agents.Invoke(events, Customers.All[0], key, at, "claude-desktop", $"pulse-{second / SecondsOfASession}", random);
        else
            Visits.Deed(events, EventList.One(Customers.All, random), key, at, random);
        return ("events", [.. events.All.Select(fact => fact.Body)]);
    }
}
