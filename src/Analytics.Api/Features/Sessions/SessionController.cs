using Analytics.Contract;
using Analytics.Http.OpenApi;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Features.Sessions;

/// <summary>Signing in to the dashboard: a key, or a code made with one, becomes a cookie that scripts cannot read.</summary>
[ApiController, Route("api/session")]
sealed class SessionController(SignIns signIns, SessionCookies sessions, SessionQuery query, SignInCodes codes) : ControllerBase
{
    /// <summary>
    /// Signs in: sets a cookie that stands for the key wherever none is sent, for 12 hours and never longer than the key. A code is spent
    /// by that, and one of an invitation makes the member.
    /// </summary>
    /// <response code="401">The key is wrong, revoked or expired; the code is unknown, spent or over.</response>
    /// <response code="403">The root key has no session, and no other page may sign in here.</response>
    [HttpPost, Open(IsForOwnPage = true), ProducesResponseType<SessionAnswer>(201)]
    [Example(Request = """{"code":"code_Qm9ydVJ3Z0hLc0pQdE5vWGFiY2RlZmdo"}""", Answer = ExampleOfSession)]
    public async Task<IActionResult> BeginSession(NewSession request, CancellationToken cancel)
    {
        var caller = await signIns.CallerOfAsync(request, cancel) ?? throw ProblemException.Unauthorized();
        if (caller is RootCaller)
            throw ProblemException.Forbidden("The root key manages workspaces, users and keys; it sees no data.");
        var endsAt = await sessions.BeginAsync(HttpContext, caller.KeyId);
        return StatusCode(201, await query.AnswerAsync(caller, endsAt, cancel));
    }

    /// <summary>
    /// Who is calling, by session or key, and what they may do where. A session past its half begins anew by this.
    /// </summary>
    [HttpGet, RequireScope(RequireScopeAttribute.AnyKey, SpansWorkspaces = true, OfCustomer = true), Example(Answer = ExampleOfSession)]
    public async Task<SessionAnswer> GetSession(CancellationToken cancel)
    {
        DateTimeOffset? endsAt = await sessions.OfAsync(Request) is { } session ? await sessions.RenewAsync(HttpContext, session) : null;
        return await query.AnswerAsync(HttpContext.Caller, endsAt, cancel);
    }

    /// <summary>Signs out: the browser forgets the session. The key behind it goes on.</summary>
    /// <response code="403">Another page sent it.</response>
    [HttpDelete, Open, ProducesResponseType(204)]
    public NoContentResult EndSession()
    {
        if (SessionCookies.IsSent(Request))
            OwnPage.Require(Request);
        SessionCookies.End(HttpContext);
        return NoContent();
    }

    /// <summary>
    /// Makes a link that signs in once with the caller's own rights, for 15 minutes or <c>expires_in</c> seconds. It dies with the key.
    /// </summary>
    [HttpPost("codes"), RequireScope(RequireScopeAttribute.AnyKey, SpansWorkspaces = true, OfCustomer = true)]
    [ProducesResponseType<MadeSignInCode>(201), Example(Request = """{"expires_in":900}""", Answer = ExampleOfCode)]
    public async Task<IActionResult> CreateSignInCode(
        [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] NewSignInCode? request, CancellationToken cancel)
    {
        var life = TimeSpan.FromSeconds((request ?? new()).ExpiresIn);
        var (code, expiresAt) = await codes.MakeAsync(HttpContext.Caller.KeyId, life, cancel) ?? throw ProblemException.Unauthorized();
        return StatusCode(201, new MadeSignInCode(code.Text, code.UrlUnder(Request.OwnAddress), expiresAt));
    }

    const string ExampleOfSession = """
        {"kind":"user","name":"Ada","workspaces":[{"id":"01a1fe9b-aa81-7f33-a322-e7f097464491","slug":"acme","name":"Acme",
          "timezone":"Europe/Paris","currency":"usd","retention_days":365,
          "scopes":["events:read","metrics:read","stats:read","logs:read","stream:read"]}],
         "customer":null,"expires_at":"2026-03-11T21:30:00Z"}
        """;

    const string ExampleOfCode = """
        {"code":"code_Qm9ydVJ3Z0hLc0pQdE5vWGFiY2RlZmdo",
         "url":"https://analytics.example.com/ui/open#code_Qm9ydVJ3Z0hLc0pQdE5vWGFiY2RlZmdo","expires_at":"2026-03-11T09:45:00Z"}
        """;
}
