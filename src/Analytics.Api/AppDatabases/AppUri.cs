using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>How clients of an app's login are told where it is.</summary>
static class AppUri
{
    /// <summary>
    /// The store's hosts and ports. A server that the service reaches by a socket is on this machine, and others reach it by its port.
    /// </summary>
    public static string Of(NpgsqlConnectionStringBuilder store, int? listening, AppPlace place, string password)
    {
        var login = $"{Escaped(place.Login)}:{Escaped(password)}";
        var hosts = (store.Host is { Length: > 0 } set ? set : "localhost").Split(',');
        var isSocket = hosts[0] is ['/' or '@', ..];
        if (isSocket && listening is null)
            return $"postgresql://{login}@/{Escaped(place.Database)}?host={Escaped(hosts[0])}&port={store.Port}";
        var where = isSocket ? $"127.0.0.1:{listening}" : string.Join(',', hosts.Select(host => WithPort(host.Trim(), store.Port)));
        return $"postgresql://{login}@{where}/{Escaped(place.Database)}{Encryption(store.SslMode)}";
    }

    // An IPv6 address has colons of its own.
    static string WithPort(string host, int port) => host switch
    {
        ['[', ..] => host.Contains("]:", StringComparison.Ordinal) ? host : $"{host}:{port}",
        _ when host.Count(':'.Equals) > 1 => $"[{host}]:{port}",
        _ => host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{port}",
    };

    static string Encryption(SslMode mode) => mode switch
    {
        SslMode.Require => "?sslmode=require",
        SslMode.VerifyCA => "?sslmode=verify-ca",
        SslMode.VerifyFull => "?sslmode=verify-full",
        _ => "",
    };

    static string Escaped(string text) => Uri.EscapeDataString(text);
}
