using System.Security.Cryptography;
using System.Text;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Tenancy;

/// <summary>
/// The text of a code that signs in once, at the end of a link, where neither servers nor proxies see it. The store keeps its SHA-256.
/// </summary>
readonly record struct SignInCode(string Text)
{
    const string Prefix = "code_";
    const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const int RandomLength = 32;

    public static SignInCode New() => new(Prefix + RandomNumberGenerator.GetString(Characters, RandomLength));

    /// <summary>Reads a code, or null when the text is none.</summary>
    public static SignInCode? Parse(string text) =>
        text.Length == Prefix.Length + RandomLength && text.StartsWith(Prefix, StringComparison.Ordinal) ? new SignInCode(text) : null;

    public byte[] Hash() => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    /// <summary>The link that signs in with it.</summary>
    /// <param name="address">Where the service is reached, ending in a slash.</param>
    public string UrlUnder(string address) => $"{address}ui/open#{Text}";
}

/// <summary>Codes that sign in once with the rights of a key. Rows of the store: a code that one node spends is spent everywhere.</summary>
sealed class SignInCodes(NpgsqlDataSource store, TimeProvider time)
{
    // A key that makes many keeps the latest; what is over goes with the next one.
    const string MakeSql = """
        with old as (
            delete from sign_in_codes
            where key_id = $2
              and (expires_at <= $4 or code_hash in (
                select code_hash
                from sign_in_codes
                where key_id = $2
                order by created_at desc
                offset 99)))
        insert into sign_in_codes (code_hash, key_id, expires_at, created_at)
        select $1, id, least($3, expires_at), $4
        from api_keys
        where id = $2
          and revoked_at is null
          and coalesce(expires_at > $4, true)
        returning expires_at
        """;

    // One of several who come with the same code at once gets the row.
    const string SpendSql = """
        delete from sign_in_codes
        where code_hash = $1
        returning case when expires_at > $2 then key_id end
        """;

    /// <summary>A new code, and when it is over: after that time, and not after its key. Null when the key is not good any more.</summary>
    public async Task<(SignInCode Code, DateTimeOffset ExpiresAt)?> MakeAsync(string keyId, TimeSpan life, CancellationToken cancel)
    {
        var (code, now) = (SignInCode.New(), time.GetStoreNow().UtcDateTime);
        return await store.ScalarAsync<DateTime?>(MakeSql, [code.Hash(), keyId, now + life, now], cancel) is { } end
            ? (code, new DateTimeOffset(end))
            : null;
    }

    /// <summary>The id of the key that the code signs in with; null for one that is unknown, spent or over. It is spent by that.</summary>
    public Task<string?> SpendAsync(SignInCode code, CancellationToken cancel) =>
        store.ScalarAsync<string>(SpendSql, [code.Hash(), time.GetUtcNow().UtcDateTime], cancel);
}
