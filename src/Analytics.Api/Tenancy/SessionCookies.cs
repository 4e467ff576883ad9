namespace Analytics.Tenancy;

/// <summary>
/// Sessions of browsers: a cookie stands for a key for twelve hours, and never outlives it. It counts only where no key is sent.
/// </summary>
sealed class SessionCookies(SignedKeys signed, TenantDirectory directory, TimeProvider time)
{
    const string Purpose = "sessions";
    static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>Whether the request comes with a session, good or not.</summary>
    public static bool IsSent(HttpRequest request) =>
        !request.Headers.ContainsKey("Authorization") && !request.Headers.ContainsKey("X-API-Key") && Cookie(request) is not null;

    /// <summary>The session that the request comes with; null when there is none, or none any more.</summary>
    public async Task<SignedKey?> OfAsync(HttpRequest request) =>
        IsSent(request) ? await signed.ReadAsync(Purpose, Cookie(request)!, request.HttpContext.RequestAborted) : null;

    /// <summary>Begins a session for a key, and says when it ends: not after the key does.</summary>
    public async Task<DateTimeOffset> BeginAsync(HttpContext http, string keyId)
    {
        var session = new SignedKey(keyId, await EndAsync(keyId));
        var options = OptionsOn(http.Request);
        // Browsers count in seconds; the text itself says exactly when it is over.
        options.MaxAge = TimeSpan.FromSeconds(Math.Ceiling((session.ExpiresAt - time.GetUtcNow()).TotalSeconds));
        var text = await signed.MakeAsync(Purpose, session, http.RequestAborted);
        http.Response.Cookies.Append(NameOn(http.Request), text, options);
        return session.ExpiresAt;
    }

    /// <summary>Lets a session that is past its half go on for as long as a new one; says when it ends.</summary>
    public async Task<DateTimeOffset> RenewAsync(HttpContext http, SignedKey session) =>
        session.ExpiresAt - time.GetUtcNow() < Life / 2 && await EndAsync(session.KeyId) > session.ExpiresAt
            ? await BeginAsync(http, session.KeyId)
            : session.ExpiresAt;

    /// <summary>Has the browser forget its session.</summary>
    public static void End(HttpContext http) => http.Response.Cookies.Delete(NameOn(http.Request), OptionsOn(http.Request));

    static string? Cookie(HttpRequest request) => request.Cookies[NameOn(request)];

    // Browsers take these prefixes on https only, and __Host- for the whole host only.
    static string NameOn(HttpRequest request) => (request.IsHttps, request.PathBase.HasValue) switch
    {
        (false, _) => "analytics_session",
        (true, false) => "__Host-analytics_session",
        (true, true) => "__Secure-analytics_session",
    };

    static CookieOptions OptionsOn(HttpRequest request) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps,
        Path = request.PathBase.HasValue ? request.PathBase.Value : "/",
    };

    async Task<DateTimeOffset> EndAsync(string keyId)
    {
        var end = time.GetUtcNow() + Life;
        if ((await directory.KeyAsync(keyId))?.ExpiresAt is { } keyEnds && keyEnds < end)
            end = keyEnds;
        return DateTimeOffset.FromUnixTimeMilliseconds(end.ToUnixTimeMilliseconds());
    }
}
