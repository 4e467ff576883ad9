using Analytics.Contract;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>Reads an app's tables as its reader, which may read these and nothing else.</summary>
sealed class AppReading(AppServer server, AppWorkspaces workspaces)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(9);

    /// <summary>
    /// What the app's database says; <paramref name="nothing"/> when the app has none, or somebody dropped it. What an app took from its
    /// reader is given back, once.
    /// </summary>
    public async Task<T> ReadAsync<T>(
        App app, T nothing, Func<NpgsqlConnection, AppPlace, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        if (app.SchemaName is null)
            return nothing;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(Longest);
        for (var isMended = false; ; isMended = true)
            try
            {
                return await OnceAsync(app, read, time.Token);
            }
            catch (PostgresException e) when (LacksRights(e) && !isMended)
            {
                await workspaces.MendAsync(app, time.Token);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                return nothing;
            }
            catch (PostgresException e)
            {
                // What it says may come from code of the app's, and goes nowhere.
                throw Passes(e)
                    ? new ProblemException(503, "The app's database is busy with something else.") { RetryAfter = 1 }
                    : ProblemException.Conflict("", $"Postgres cannot read the app's tables as they are: error {e.SqlState}.");
            }
    }

    async Task<T> OnceAsync<T>(App app, Func<NpgsqlConnection, AppPlace, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        var place = (await server.NamesAsync(cancel)).Of(app.WorkspaceKey, app.Number);
        await using var session = await server.AsReaderAsync(place, cancel);
        return await read(session.Connection, place, cancel);
    }

    static bool LacksRights(PostgresException e) => e.SqlState is PostgresErrorCodes.InsufficientPrivilege
        or PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification;

    // Locks, time that is over, a server that stops or is full. The rest comes of what the app made, such as an index over a function that
    // fails.
    static bool Passes(PostgresException e) => e.IsTransient || e.SqlState is ['5', '7', ..];
}
