using System.Net;
using System.Text.Json;
using Analytics.Commands.Demo.Life;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Commands.Demo;

/// <summary>
/// Gives one of the demo's apps its Postgres workspace, and tables in it, once: with the connection string that the app itself would get.
/// </summary>
sealed class DemoTables(DemoClient client)
{
    /// <summary>Says why there are none, where the store or the way to it has no place for them; null where they are there.</summary>
    public async Task<string?> MakeAsync(CancellationToken cancel)
    {
        var path = $"api/apps/{Apps.Portal.NaturalId}/workspace";
        var made = await client.PostAsync(path, new { }, cancel, HttpStatusCode.Conflict);
        if (!made.TryGetProperty("connection_string", out var uri))
            return made.GetProperty("detail").GetString();
        // Somebody has been shown it before.
        if (uri.ValueKind == JsonValueKind.Null)
            return null;
        try
        {
            await using var login = NpgsqlDataSource.Create(SettingsOf(new Uri(uri.GetString()!)));
            await login.ExecuteAsync(Tables.Sql, [], cancel);
            return null;
        }
        catch (NpgsqlException failure)
        {
            return failure.Message;
        }
    }

    static NpgsqlConnectionStringBuilder SettingsOf(Uri uri)
    {
        var login = uri.UserInfo.Split(':');
        return new()
        {
            Host = uri.Host,
            Port = uri.Port,
            Username = Uri.UnescapeDataString(login[0]),
            Password = Uri.UnescapeDataString(login[1]),
            Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]),
            SslMode = uri.Query.Contains("sslmode=", StringComparison.Ordinal) ? SslMode.Require : SslMode.Prefer,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Pooling = false,
        };
    }
}
