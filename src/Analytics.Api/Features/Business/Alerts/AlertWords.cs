namespace Analytics.Features.Business.Alerts;

/// <summary>The words that alerts are told in.</summary>
static class AlertWords
{
    public const string GreaterThan = "GREATER_THAN";
    public const string LessThan = "LESS_THAN";
    public const string OfApp = "app";
    public const string OfOrg = "org";
    public const string Mau = "mau";
    public const string Storage = "storage";
    public const string Bandwidth = "bandwidth";
    public const string Day = "1d";
    public const string Month = "30d";
    public const string Watching = "watching";
    public const string Crossed = "crossed";
    public const string Disabled = "disabled";
    public const string TooLarge = "too large";
    public const string DefaultSeverity = "WARN";

    public static readonly string[] Operators = [GreaterThan, LessThan];
    public static readonly string[] Scopes = [OfApp, OfOrg];
    public static readonly string[] Measures = [Mau, Storage, Bandwidth];
    public static readonly string[] Windows = ["15m", "1h", Day, Month];
    public static readonly string[] StatisticWindows = [Day, Month];
    public static readonly string[] States = [Watching, Crossed, Disabled, TooLarge];

    /// <summary>How long a window is, in microseconds.</summary>
    public static long LengthOf(string window) => window switch
    {
        "15m" => 15 * Minute,
        "1h" => 60 * Minute,
        Day => DayLength,
        _ => 30 * DayLength,
    };

    public const long Minute = 60_000_000;
    public const long DayLength = 24 * 60 * Minute;
}
