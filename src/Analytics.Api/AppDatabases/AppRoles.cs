using Analytics.Contract;
using Analytics.Storage;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>
/// The roles that apps need on the server: made, marked as the service's own, and dropped. Roles are the whole server's, so one that
/// somebody else has under such a name is left alone.
/// </summary>
sealed class AppRoles(LoginSecrets secrets)
{
    const string NoRights = "noinherit nosuperuser nocreatedb nocreaterole noreplication";

    // As many as the pool of one client usually has.
    const int Connections = 10;

    const string RightsSql = """
        select rolsuper, rolcreatedb and rolcreaterole, rolbypassrls and current_setting('server_version_num')::int >= 160000
        from pg_roles
        where rolname = current_user
        """;

    const string MarkSql = "select coalesce(shobj_description(oid, 'pg_authid'), '') from pg_roles where rolname = $1";

    /// <summary>
    /// Makes what is missing: the owner of the databases, the app's login, which opens with its first password, and its reader.
    /// </summary>
    public async Task EnsureAsync(NpgsqlConnection server, AppNames names, AppPlace place, CancellationToken cancel)
    {
        var rights = await server.FirstAsync(RightsSql, [], row => (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2)), cancel);
        var (isSuper, mayMake, mayBypass) = rights;
        if (!isSuper && !mayMake)
            throw ProblemException.Conflict("", "The store's login may not make roles and databases, which an app's workspace needs.");
        var verifier = LoginSecrets.Verifier(await secrets.OfReaderAsync(place, cancel));
        // Policies are for the app's users; who looks after the app sees what is there, and no policy of the app's runs on the way.
        var sees = isSuper || mayBypass ? "bypassrls" : "nobypassrls";
        await EnsureAsync(server, names.Owner, $"nologin {NoRights}", isSuper, cancel);
        await EnsureAsync(server, place.Login, $"nologin {NoRights} connection limit {Connections}", isSuper, cancel);
        await EnsureAsync(server, place.Reader, $"login {NoRights} {sees} connection limit {Connections}", isSuper, cancel);
        await server.ExecuteAsync($"alter role {AppNames.Quoted(place.Reader)} password '{verifier}'", [], cancel);
    }

    /// <summary>Whether the app's login has been opened: whoever asked first has its password.</summary>
    public static Task<bool> IsOpenAsync(NpgsqlConnection server, AppPlace place, CancellationToken cancel) =>
        server.ScalarAsync<bool>("select rolcanlogin from pg_roles where rolname = $1", [place.Login], cancel);

    /// <summary>Opens the login with a new password. What came in with an old one ends.</summary>
    public static async Task<string> OpenAsync(NpgsqlConnection server, AppPlace place, CancellationToken cancel)
    {
        var password = LoginSecrets.Random();
        await server.ExecuteAsync(
            $"alter role {AppNames.Quoted(place.Login)} login password '{LoginSecrets.Verifier(password)}'", [], cancel);
        await EndSessionsAsync(server, [place.Login], cancel);
        return password;
    }

    /// <summary>Nobody comes in as the app any more.</summary>
    public async Task CloseAsync(NpgsqlConnection server, AppPlace place, CancellationToken cancel)
    {
        foreach (var role in await OwnAsync(server, place.IsRole, cancel))
        {
            await server.ExecuteAsync($"alter role {AppNames.Quoted(role)} nologin", [], cancel);
            // Up to Postgres 15 a login may take itself away from its members, and who is none drops nothing of its.
            await server.ExecuteAsync($"grant {AppNames.Quoted(role)} to current_user", [], cancel);
        }

        await EndSessionsAsync(server, [place.Login, place.Reader], cancel);
    }

    /// <summary>Drops the service's own roles among these; what they own or may use is gone.</summary>
    public async Task DropAsync(NpgsqlConnection server, Func<string, bool> these, CancellationToken cancel)
    {
        foreach (var role in await OwnAsync(server, these, cancel))
            await server.ExecuteAsync($"drop role {AppNames.Quoted(role)}", [], cancel);
    }

    /// <summary>The service's own roles among these.</summary>
    public async Task<List<string>> OwnAsync(NpgsqlConnection server, Func<string, bool> these, CancellationToken cancel)
    {
        var mark = await secrets.MarkAsync(cancel);
        var own = await server.QueryAsync(
            "select rolname::text from pg_roles where shobj_description(oid, 'pg_authid') = $1 order by 1", [mark],
            row => row.GetString(0), cancel);
        return own.FindAll(role => these(role));
    }

    async Task EnsureAsync(NpgsqlConnection server, string role, string options, bool isSuper, CancellationToken cancel)
    {
        var mark = await secrets.MarkAsync(cancel);
        var found = await server.ScalarAsync<string>(MarkSql, [role], cancel);
        if (found is not null && found != mark)
            throw ProblemException.Conflict("", $"The server has a role {role} that is not the service's.");
        var name = AppNames.Quoted(role);
        await using var transaction = await server.BeginTransactionAsync(cancel);
        if (found is null)
        {
            await server.ExecuteAsync($"create role {name} {options}", [], cancel);
            await server.ExecuteAsync($"comment on role {name} is '{mark}'", [], cancel);
        }

        // Who may do everything needs no membership; others own nothing for these roles without one.
        if (!isSuper)
            await server.ExecuteAsync($"grant {name} to current_user", [], cancel);
        await transaction.CommitAsync(cancel);
    }

    static Task<int> EndSessionsAsync(NpgsqlConnection server, string[] logins, CancellationToken cancel) => server.ExecuteAsync(
        "select pg_terminate_backend(pid, 2000) from pg_stat_activity where usename = any($1)", [logins], cancel);
}
