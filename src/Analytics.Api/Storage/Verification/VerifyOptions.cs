using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Analytics.Storage.Verification;

/// <summary>Setting <c>Analytics:VerifyAt</c>: when the nightly verify begins, <c>HH:MM</c> in UTC, or <c>never</c>.</summary>
sealed class VerifyOptions
{
    const string Default = "02:00";
    const string Never = "never";

    [RegularExpression($"([01][0-9]|2[0-3]):[0-5][0-9]|{Never}", ErrorMessage = "Analytics:VerifyAt must be HH:MM, in UTC, or never.")]
    public string VerifyAt { get; set => field = value is { Length: > 0 } ? value : Default; } = Default;

    /// <summary>When the last night began that is not to come yet; null when there are none.</summary>
    public DateTimeOffset? LastNight(DateTimeOffset now)
    {
        if (VerifyAt == Never)
            return null;
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + TimeSpan.Parse(VerifyAt, CultureInfo.InvariantCulture);
        return today <= now ? today : today.AddDays(-1);
    }
}
