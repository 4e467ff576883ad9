using Analytics.Contract;
using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>Finds out who is calling from the credential a request carries.</summary>
sealed class Credentials(
    RootKey root, TenantDirectory directory, StreamTokens tokens, SessionCookies sessions, KeyRefused refused, TimeProvider time)
{
    /// <summary>
    /// The caller; 401 for no, a bad, a revoked or an expired credential. A token of <c>access_token</c> is one where the route takes it,
    /// a session's cookie where nothing else is sent.
    /// </summary>
    public async Task<Caller> CallerOfAsync(HttpRequest request, bool takesToken = false)
    {
        var credential = Sent(request);
        var caller = credential.Length > 0 ? await HolderOfAsync(credential)
            : takesToken && request.Query["access_token"].ToString() is { Length: > 0 } token ? await CallerOfTokenAsync(request, token)
            : await CallerOfSessionAsync(request);
        return caller ?? throw ProblemException.Unauthorized();
    }

    /// <summary>Whose key the text is; null when it is none, or not good any more.</summary>
    public async Task<Caller?> HolderOfAsync(string text) =>
        root.Matches(text) ? new RootCaller()
        : ApiKeyText.Parse(text) is { } key ? await CallerOfAsync(key)
        : null;

    static string Sent(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString().Trim();
        if (authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return authorization["Bearer ".Length..].Trim();
        return authorization.Length > 0 ? authorization : request.Headers["X-API-Key"].ToString().Trim();
    }

    /// <summary>Whoever holds the key with that id; null when it is not good any more.</summary>
    public async Task<Caller?> CallerOfKeyAsync(string id) =>
        await directory.KeyAsync(id) is { } stored ? await CallerOfAsync(stored) : null;

    async Task<Caller?> CallerOfTokenAsync(HttpRequest request, string token) =>
        await tokens.KeyOfAsync(token, request.HttpContext.RequestAborted) is { } id ? await CallerOfKeyAsync(id) : null;

    async Task<Caller?> CallerOfSessionAsync(HttpRequest request)
    {
        var caller = await sessions.OfAsync(request) is { } session ? await CallerOfKeyAsync(session.KeyId) : null;
        if (caller is not null && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            OwnPage.Require(request);
        return caller;
    }

    async Task<Caller?> CallerOfAsync(ApiKeyText key)
    {
        var stored = await directory.KeyAsync(key.Id);
        // An unknown id costs the same comparison as a known one.
        var matches = key.Matches(stored?.SecretHash ?? new byte[32]);
        if (stored is null || !matches)
            return null;
        if (!IsGood(stored))
            refused(stored);
        return await CallerOfAsync(stored);
    }

    async Task<Caller?> CallerOfAsync(ApiKey stored)
    {
        if (!IsGood(stored))
            return null;
        if (stored.UserId is { } user)
            return UserCaller.Of(stored, user, await directory.MembershipsOfAsync(user));
        if (await directory.WorkspaceAsync(stored.WorkspaceKey!.Value) is not { } workspace)
            return null;
        if (stored.CustomerId is not { } bound)
            return new WorkspaceCaller(stored.Id, workspace, stored.Scopes, null);
        return await directory.CustomerAsync(workspace.Key, bound) is { } customer
            ? new WorkspaceCaller(stored.Id, workspace, stored.Scopes, customer)
            : null;
    }

    bool IsGood(ApiKey key) => key.RevokedAt is null && !(key.ExpiresAt <= time.GetUtcNow());
}
