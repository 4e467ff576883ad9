using Analytics.Contract;
using Analytics.Storage;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>
/// The database of a workspace's apps: made beside the store, closed to everybody but the apps' own logins, a schema in it for each. All of
/// it may be said again: what a crash left half made is finished.
/// </summary>
sealed class AppDatabase(AppServer server, AppRoles roles)
{
    const string OwnerSql = "select pg_get_userbyid(datdba)::text from pg_database where datname = $1";

    // As the store's own, whatever the server's templates are like.
    const string LocaleSql = """
        select format('lc_collate %L lc_ctype %L', datcollate, datctype)
        from pg_database
        where datname = current_database()
        """;

    // The service's own database and those of other workspaces.
    const string OpenToSql = """
        select datname::text
        from pg_database
        where datname <> $2
          and (datname = current_database() or pg_get_userbyid(datdba) = $3)
          and has_database_privilege($1, oid, 'connect')
        order by 1
        """;

    // Large objects lie in no schema.
    const string NoLargeObjects =
        "revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public";

    // Of tables the reader may read already nothing is said again: a migration may be at work on them.
    const string UnreadSql = """
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relkind in ('r', 'p') and not has_table_privilege($2, c.oid, 'select')
        """;

    // Dropping takes a lock of each thing that is dropped, and the server has room for so many only.
    const string SomeTablesSql = """
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
        limit 100
        """;

    /// <summary>
    /// Makes the database, when it is not there, and closes it. The login comes into no other of the service's: what somebody opened to
    /// all is closed, the store's own as it was made.
    /// </summary>
    public static async Task EnsureAsync(NpgsqlConnection store, AppNames names, AppPlace place, CancellationToken cancel)
    {
        var name = AppNames.Quoted(place.Database);
        var owner = await OwnerAsync(store, place.Database, cancel);
        if (owner is not null && owner != names.Owner)
            throw ProblemException.Conflict("", $"The server has a database {place.Database} that is not the service's.");
        if (owner is null)
        {
            var locale = await store.ScalarAsync<string>(LocaleSql, [], cancel);
            await store.ExecuteForAsLongAsItTakesAsync(
                $"create database {name} owner {AppNames.Quoted(names.Owner)} template template0 encoding 'UTF8' {locale}", [], cancel);
        }

        await store.ExecuteAsync($"revoke all on database {name} from public", [], cancel);
        await store.ExecuteAsync(
            $"grant connect on database {name} to {AppNames.Quoted(place.Login)}, {AppNames.Quoted(place.Reader)}", [], cancel);
        if (await CloseToAsync(store, names, place, cancel) is [var open, ..])
            throw ProblemException.Conflict(
                "", $"Every login of the server may connect to the database {open}: its owner has to revoke that from public first.");
    }

    /// <summary>Makes the app's schema, and says who may use it: its login everything, its reader what is in it and what will be.</summary>
    public async Task EnsureSchemaAsync(AppNames names, AppPlace place, CancellationToken cancel)
    {
        var schema = AppNames.Quoted(place.Schema);
        var (login, reader) = (AppNames.Quoted(place.Login), AppNames.Quoted(place.Reader));
        await using var session = await server.AsStoreAsync(place.Database, cancel);
        foreach (var statement in (string[])
        [
            "revoke all on schema public from public",
            NoLargeObjects,
            $"create schema if not exists {schema} authorization {AppNames.Quoted(names.Owner)}",
            $"grant usage, create on schema {schema} to {login}",
            $"grant usage on schema {schema} to {reader}",
            $"alter default privileges for role {login} in schema {schema} grant select on tables to {reader}",
            $"alter role {login} in database {AppNames.Quoted(place.Database)} set search_path = {schema}",
        ])
            await session.Connection.ExecuteAsync(statement, [], cancel);
        foreach (var table in await session.Connection.QueryAsync(UnreadSql, [place.Schema, place.Reader], row => row.GetString(0), cancel))
            await session.Connection.ExecuteAsync($"grant select on {table} to {reader}", [], cancel);
    }

    /// <summary>Drops an app's schema with everything in it, and its logins.</summary>
    public async Task DropSchemaAsync(NpgsqlConnection store, AppNames names, AppPlace place, CancellationToken cancel)
    {
        await roles.CloseAsync(store, place, cancel);
        if (await OwnerAsync(store, place.Database, cancel) == names.Owner)
        {
            await using var session = await server.AsStoreAsync(place.Database, cancel);
            while (await session.Connection.QueryAsync(SomeTablesSql, [place.Schema], row => row.GetString(0), cancel) is [_, ..] some)
                await session.Connection.ExecuteForAsLongAsItTakesAsync($"drop table {string.Join(", ", some)} cascade", [], cancel);
            await session.Connection.ExecuteForAsLongAsItTakesAsync(
                $"drop schema if exists {AppNames.Quoted(place.Schema)} cascade", [], cancel);
            foreach (var role in await roles.OwnAsync(store, place.IsRole, cancel))
                await session.Connection.ExecuteAsync($"drop owned by {AppNames.Quoted(role)}", [], cancel);
        }

        await roles.DropAsync(store, place.IsRole, cancel);
    }

    /// <summary>Drops a workspace's database, whoever is connected to it, and all its apps' logins.</summary>
    public async Task DropAsync(NpgsqlConnection store, AppNames names, string database, CancellationToken cancel)
    {
        if (await OwnerAsync(store, database, cancel) == names.Owner)
            await store.ExecuteForAsLongAsItTakesAsync($"drop database {AppNames.Quoted(database)} with (force)", [], cancel);
        // Behind the database's name stands the app's number: analytics_apps_1 is no beginning of a role of analytics_apps_11.
        await roles.DropAsync(store, role => role.StartsWith(database + "_", StringComparison.Ordinal), cancel);
    }

    /// <summary>Closes the service's other databases to a login; gives those that stay open. Somebody may open one just then.</summary>
    static async Task<List<string>> CloseToAsync(NpgsqlConnection store, AppNames names, AppPlace place, CancellationToken cancel)
    {
        var open = await OpenToAsync(store, names, place, cancel);
        for (var attempt = 0; open.Count > 0 && attempt < 3; attempt++)
        {
            foreach (var other in open)
                await CloseToAsync(store, other, place, cancel);
            open = await OpenToAsync(store, names, place, cancel);
        }

        return open;
    }

    static async Task CloseToAsync(NpgsqlConnection store, string database, AppPlace place, CancellationToken cancel)
    {
        try
        {
            await store.ExecuteAsync(
                $"revoke connect on database {AppNames.Quoted(database)} from public, {AppNames.Quoted(place.Login)}", [], cancel);
        }
        catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            // It was dropped just then.
        }
    }

    static Task<List<string>> OpenToAsync(NpgsqlConnection store, AppNames names, AppPlace place, CancellationToken cancel) =>
        store.QueryAsync(OpenToSql, [place.Login, place.Database, names.Owner], row => row.GetString(0), cancel);

    static Task<string?> OwnerAsync(NpgsqlConnection store, string database, CancellationToken cancel) =>
        store.ScalarAsync<string>(OwnerSql, [database], cancel);
}
