namespace Analytics.Tenancy;

/// <summary>Tokens that stand for a key where no header can be sent, for a minute and for opening streams only.</summary>
sealed class StreamTokens(SignedKeys signed, TimeProvider time)
{
    const string Purpose = "streams";
    static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    /// <summary>A token with the rights of the key.</summary>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> MakeAsync(string keyId, CancellationToken cancel)
    {
        var expiresAt = DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() + Life).ToUnixTimeMilliseconds());
        return (await signed.MakeAsync(Purpose, new(keyId, expiresAt), cancel), expiresAt);
    }

    /// <summary>The id of the key a token stands for; null for what is no token, or not any more.</summary>
    public async Task<string?> KeyOfAsync(string text, CancellationToken cancel) =>
        (await signed.ReadAsync(Purpose, text, cancel))?.KeyId;
}
