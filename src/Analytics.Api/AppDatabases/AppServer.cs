using Analytics.Storage;
using Npgsql;

namespace Analytics.AppDatabases;

/// <summary>
/// The store's server, as the place of databases of apps. Connections to these are made for one piece of work and closed with it: nothing
/// that one left behind in its session meets another, and a thousand databases keep none open.
/// </summary>
sealed class AppServer(StoreAddress address, NpgsqlDataSource store, LoginSecrets secrets)
{
    // Whatever the server, the database or a login is set to: values are written in one way, and nothing is found by a search path.
    const string Settings = "-c search_path= -c client_min_messages=error -c lock_timeout=1s -c idle_in_transaction_session_timeout=15s "
        + "-c client_encoding=UTF8 -c DateStyle=ISO -c IntervalStyle=postgres -c TimeZone=UTC -c extra_float_digits=1 -c bytea_output=hex";

    const string ReaderSettings = Settings + " -c default_transaction_read_only=on -c statement_timeout=5s -c jit=off"
        + " -c max_parallel_workers_per_gather=0 -c synchronize_seqscans=off";

    AppNames? names;

    public NpgsqlDataSource Store => store;

    public async ValueTask<AppNames> NamesAsync(CancellationToken cancel) =>
        names ??= new AppNames((await store.ScalarAsync<string>("select current_database()::text", [], cancel))!);

    /// <summary>As the app's reader. What an app made there may run on the way: it has the reader's rights, and they end here.</summary>
    public async Task<AppSession> AsReaderAsync(AppPlace place, CancellationToken cancel)
    {
        var password = await secrets.OfReaderAsync(place, cancel);
        return await OpenAsync(
            place.Database, ReaderSettings,
            of =>
            {
                (of.Username, of.Password) = (place.Reader, password);
                (of.Passfile, of.SslCertificate, of.SslKey, of.SslPassword) = (null, null, null, null);
            },
            cancel);
    }

    /// <summary>As the store's login, for statements that run nothing an app made: never for one that reads or writes its tables.</summary>
    public Task<AppSession> AsStoreAsync(string database, CancellationToken cancel) => OpenAsync(database, Settings, _ => { }, cancel);

    /// <summary>The <c>postgresql://</c> URI by which an app's login reaches its schema from where the service reaches the store.</summary>
    public async Task<string> UriAsync(AppPlace place, string password, CancellationToken cancel) =>
        AppUri.Of(address.Said, await ListeningPortAsync(cancel), place, password);

    /// <summary>The port that the server listens on; null when it has none, only a socket.</summary>
    Task<int?> ListeningPortAsync(CancellationToken cancel) => store.ScalarAsync<int?>(
        "select current_setting('port')::int where current_setting('listen_addresses') <> ''", [], cancel);

    async Task<AppSession> OpenAsync(
        string database, string settings, Action<NpgsqlConnectionStringBuilder> login, CancellationToken cancel)
    {
        var source = address.NewPool("apps", of =>
        {
            (of.Pooling, of.Multiplexing) = (false, false);
            of.Database = database;
            of.Options = settings;
            of.Timeout = Math.Min(of.Timeout, 5);
            login(of);
        }, loadTypes: false);
        try
        {
            return new AppSession(source, await source.OpenConnectionAsync(cancel));
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }
}

/// <summary>A connection to a database of apps, closed when it is disposed of.</summary>
sealed class AppSession(NpgsqlDataSource source, NpgsqlConnection connection) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await source.DisposeAsync();
    }
}
