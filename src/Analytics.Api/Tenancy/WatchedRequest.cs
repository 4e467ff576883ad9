using Analytics.Contract;
using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>
/// A request under way: whose key it came with, what that key has to allow, and the end it comes to when it does not any more.
/// </summary>
sealed class WatchedRequest : IDisposable
{
    readonly CancellationTokenSource rights = new();
    readonly CancellationTokenSource either;
    readonly AccessAttribute access;
    Workspace? workspace;

    public WatchedRequest(string keyId, AccessAttribute access, long since, CancellationToken clientGone)
    {
        (KeyId, Since, this.access) = (keyId, since, access);
        either = CancellationTokenSource.CreateLinkedTokenSource(clientGone, rights.Token);
    }

    public string KeyId { get; }

    /// <summary>When the key was looked at first.</summary>
    public long Since { get; }

    /// <summary>Cancelled when the rights end.</summary>
    public CancellationToken RightsEnded => rights.Token;

    /// <summary>Cancelled when the rights end or the client leaves.</summary>
    public CancellationToken Ended => either.Token;

    /// <summary>Why it was ended; null while it may go on.</summary>
    public ProblemException? Refusal { get; private set; }

    /// <summary>Where it acts, from when that is settled.</summary>
    public void ActsIn(Workspace settled) => Volatile.Write(ref workspace, settled);

    /// <summary>Ends it when the caller, null for nobody any more, may not do this.</summary>
    public void Look(Caller? caller)
    {
        if (caller.RefusalOf(access, Volatile.Read(ref workspace)) is not { } refusal)
            return;
        Refusal = refusal;
        try
        {
            rights.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    public void Dispose()
    {
        either.Dispose();
        rights.Dispose();
    }
}

/// <summary>Where a request that is watched finds out that its rights have ended.</summary>
static class RequestUnderWatch
{
    static readonly object Item = new();

    extension(HttpContext http)
    {
        /// <summary>The request as the watch over rights sees it; null where nothing is watched.</summary>
        public WatchedRequest? Watched
        {
            get => (WatchedRequest?)http.Items[Item];
            set => http.Items[Item] = value;
        }

        /// <summary>Cancelled when the caller's rights end: for work that goes on although the client has left.</summary>
        public CancellationToken RightsEnded => http.Watched?.RightsEnded ?? CancellationToken.None;
    }
}
