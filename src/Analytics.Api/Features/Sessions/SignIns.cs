using Analytics.Tenancy;

namespace Analytics.Features.Sessions;

/// <summary>Finds out who signs in: by a key, by a code that was made with one, or by the code of an invitation.</summary>
sealed class SignIns(Credentials credentials, SignInCodes codes, AcceptedInvitations invitations) : IDisposable
{
    // Strangers who try codes take no more connections than this from those who have a key.
    const int MaxLooks = 4;

    readonly SemaphoreSlim looks = new(MaxLooks);

    /// <summary>The caller; null for a bad key, and for a code that is unknown, spent or over. A code is spent by that.</summary>
    public async Task<Caller?> CallerOfAsync(NewSession session, CancellationToken cancel) =>
        session.Key is { } key ? await credentials.HolderOfAsync(key.Trim())
        : SignInCode.Parse(session.Code!) is { } code && await KeyOfAsync(code, cancel) is { } id ? await credentials.CallerOfKeyAsync(id)
        : null;

    public void Dispose() => looks.Dispose();

    async Task<string?> KeyOfAsync(SignInCode code, CancellationToken cancel)
    {
        await looks.WaitAsync(cancel);
        try
        {
            return await codes.SpendAsync(code, cancel) ?? await invitations.AcceptAsync(code, cancel);
        }
        finally
        {
            looks.Release();
        }
    }
}
