namespace Analytics.Storage.Storefront;

/// <summary>A step that a visitor of a storefront took.</summary>
/// <param name="Time">When, in microseconds since 1970.</param>
/// <param name="Step">Which one: its place in <see cref="StorefrontSteps.Names"/>.</param>
/// <param name="Visitor">The visitor's number.</param>
readonly record struct VisitorStep(long Time, int Step, int Visitor)
{
    /// <summary>The day in UTC, since 1970.</summary>
    public int Day => DayOf(Time);

    public static int DayOf(long time) => (int)((time >= 0 ? time : time - TimeSpan.MicrosecondsPerDay + 1) / TimeSpan.MicrosecondsPerDay);

    /// <summary>In the order of time, at one instant in the funnel's.</summary>
    public static int Compare(VisitorStep one, VisitorStep other)
    {
        if (one.Time != other.Time)
            return one.Time.CompareTo(other.Time);
        return one.Step != other.Step ? one.Step.CompareTo(other.Step) : one.Visitor.CompareTo(other.Visitor);
    }
}

/// <summary>The steps of a storefront's funnel.</summary>
static class StorefrontSteps
{
    const string Prefix = "storefront.";

    /// <summary>In their order, as answers name them.</summary>
    public static readonly string[] Names = ["visit", "product_view", "pricing_view", "signup", "subscription", "first_api_call"];

    /// <summary>The names of their events.</summary>
    public static readonly string[] Events = [.. Names.Select(name => Prefix + name)];

    /// <summary>The step that an event of a name is; -1 for none.</summary>
    public static int Of(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) ? Array.IndexOf(Events, name) : -1;
}
