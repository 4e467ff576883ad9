namespace Analytics.Commands.Demo.Life;

/// <summary>
/// An endpoint of the product's API: calls of the busiest hour of a day, the usual milliseconds, and of a thousand calls those that are
/// refused (404, 422, 401 where somebody signs in) and those that fail (503); of a hundred those of nobody.
/// </summary>
sealed record Endpoint(string Method, string Route, double AnHour, double Latency, int Refused, int Failed, int Bytes, int Anonymous = 0)
{
    public Product Product => Route.Contains("assistant", StringComparison.Ordinal) ? Products.Assistant : Products.Files;
}

/// <summary>All of them, and what is wrong with some.</summary>
static class Endpoints
{
    static readonly Endpoint Search = new("GET", "/api/search", 92, 110, 2, 1, 6_000);
    static readonly Endpoint File = new("GET", "/api/files/{id}", 78, 18, 25, 1, 2_400);
    static readonly Endpoint Share = new("GET", "/api/shares/{id}", 72, 22, 60, 1, 1_800, Anonymous: 65);
    static readonly Endpoint Export = new("POST", "/api/export", 5, 420, 0, 8, 250_000);
    static readonly Endpoint Invoice = new("GET", "/api/invoices/{id}/pdf", 2.5, 260, 4, 2, 90_000);
    static readonly Endpoint Health = new("GET", "/health", 12, 2, 0, 0, 15, Anonymous: 100);

    public static readonly Endpoint[] All =
    [
        Search, File, Share, Export, Invoice, Health,
        new("GET", "/api/files", 26, 28, 0, 1, 14_000),
        new("GET", "/api/files/{id}/download", 14, 260, 12, 2, 2_400_000, Anonymous: 30),
        new("POST", "/api/files", 12, 140, 8, 3, 600),
        new("DELETE", "/api/files/{id}", 3, 35, 40, 1, 0),
        new("POST", "/api/shares", 7, 60, 5, 2, 900),
        new("POST", "/api/assistant/questions", 9, 900, 3, 12, 3_500),
        new("POST", "/api/login", 8, 75, 70, 0, 400, Anonymous: 100),
        new("POST", "/2fa/verify", 3, 45, 120, 0, 80),
        new("PATCH", "/api/members/{id}", 2, 40, 15, 1, 500),
        new("POST", "/api/webhooks/payments", 3, 55, 10, 2, 20, Anonymous: 100),
    ];

    // The busiest: a degraded hour has enough calls to be noticed.
    static readonly Endpoint[] Spoilt = [Search, Share, File];

    /// <summary>How busy it is in an hour, as part of its busiest.</summary>
    public static double Rush(Endpoint endpoint, int hour) => endpoint == Health ? 1 : Rhythm.Rush(hour);

    /// <summary>
    /// How many times as long it takes in an hour: what a Tuesday's release slowed down, exports whenever everybody wants them at nine,
    /// and invoices on Monday mornings.
    /// </summary>
    public static double Slowness(Endpoint endpoint, Rhythm rhythm, DateOnly day, int hour) =>
        rhythm.Slowed(day, hour, Spoilt.Length) is { } spoilt && endpoint == Spoilt[spoilt] ? 6
        : endpoint == Export && hour == 9 ? 5
        : endpoint == Invoice && hour == 8 && day.DayOfWeek == DayOfWeek.Monday ? 7
        : 1;
}
