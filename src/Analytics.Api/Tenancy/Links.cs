using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Analytics.Contract;
using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>What a link says: which key made it, where, until when it is good, and what it opens.</summary>
/// <param name="KeyId">The key whose rights it has.</param>
/// <param name="Workspace">The number of the workspace it was made for.</param>
/// <param name="ExpiresAt">From when on it is not good any more.</param>
/// <param name="Opens">What it opens, in the words of the route that made it.</param>
sealed record Link(string KeyId, int Workspace, DateTimeOffset ExpiresAt, string[] Opens);

/// <summary>
/// Links that open one thing without a key, with the rights that the key behind them has when they are used. Sealed, not stored: any node
/// on the same store opens them, and nobody else reads what they hold.
/// </summary>
sealed class Links(Installation installation, Credentials credentials, TenantDirectory directory, TimeProvider time)
{
    // Told from everything else where it must not be shown.
    const string Prefix = "link_";
    const int NonceBytes = 12;
    const int TagBytes = 16;
    static ReadOnlySpan<byte> Purpose => "links"u8;

    /// <summary>A link's text, fit for a path. It is good for one route, whose template is given.</summary>
    public async Task<string> MakeAsync(string route, Link link, CancellationToken cancel)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(link);
        var all = new byte[NonceBytes + content.Length + TagBytes];
        RandomNumberGenerator.Fill(all.AsSpan(..NonceBytes));
        using var cipher = new AesGcm(await KeyAsync(cancel), TagBytes);
        cipher.Encrypt(all.AsSpan(..NonceBytes), content, all.AsSpan(NonceBytes, content.Length), all.AsSpan(^TagBytes..), Bytes(route));
        return Prefix + Base64Url.EncodeToString(all);
    }

    /// <summary>
    /// Who made the link of the route, as they are now, and as <c>http.Link</c> what it opens and where. 401 for one that was spoilt, is
    /// over, is another route's, or whose key may not do this any more.
    /// </summary>
    public async Task<Caller> CallerOfAsync(HttpContext http, RequireScopeAttribute access)
    {
        var text = http.GetRouteValue(access.LinkInPath!)?.ToString() ?? "";
        var route = ((RouteEndpoint)http.GetEndpoint()!).RoutePattern.RawText!;
        if (await OpenAsync(route, text, http.RequestAborted) is { } link && link.ExpiresAt > time.GetUtcNow()
            && await directory.WorkspaceAsync(link.Workspace) is { } workspace
            && await credentials.CallerOfKeyAsync(link.KeyId) is { } caller && caller.Allows(access, workspace))
        {
            http.Link = (link, workspace);
            return caller;
        }

        throw ProblemException.Unauthorized();
    }

    async Task<Link?> OpenAsync(string route, string text, CancellationToken cancel)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || !Base64Url.IsValid(text.AsSpan(Prefix.Length), out var length)
            || length <= NonceBytes + TagBytes)
            return null;
        var all = Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length));
        var content = new byte[length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(await KeyAsync(cancel), TagBytes);
        try
        {
            cipher.Decrypt(
                all.AsSpan(..NonceBytes), all.AsSpan(NonceBytes, content.Length), all.AsSpan(^TagBytes..), content, Bytes(route));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return JsonSerializer.Deserialize<Link>(content);
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    async Task<byte[]> KeyAsync(CancellationToken cancel) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, await installation.SecretAsync(cancel), 32, info: Purpose.ToArray());
}

/// <summary>The link that the current request came by.</summary>
static class CurrentLink
{
    static readonly object Item = new();

    extension(HttpContext http)
    {
        /// <summary>What it opens, and in which workspace.</summary>
        public (Link Link, Workspace Workspace) Link
        {
            get => ((Link, Workspace))(http.Items[Item] ?? throw new InvalidOperationException("The route takes no link."));
            set => http.Items[Item] = value;
        }
    }
}
