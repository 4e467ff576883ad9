using Analytics.AppDatabases;
using Analytics.Commands;
using Analytics.Commands.Demo;
using Analytics.Features.Business.Alerts;
using Analytics.Features.Business.Query;
using Analytics.Features.Business.Reports;
using Analytics.Features.Business.Units;
using Analytics.Features.Erasure;
using Analytics.Features.Export;
using Analytics.Features.Ingestion;
using Analytics.Features.Metrics;
using Analytics.Features.Requests;
using Analytics.Features.Sessions;
using Analytics.Features.Streams;
using Analytics.Features.Webhooks;
using Analytics.Features.Webhooks.Deliveries;
using Analytics.Features.Workspaces;
using Analytics.Feed;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.PrivatePostgres;
using Analytics.Sharing;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Rebuilding;
using Analytics.Storage.Rollups.Runs;
using Analytics.Storage.Schema;
using Analytics.Storage.Storefront;
using Analytics.Storage.Traces;
using Analytics.Storage.Verification;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Analytics;

/// <summary>The service, put together. Reads like a table of contents: services, jobs, pipeline.</summary>
static class AnalyticsApp
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = NewBuilder(args);
        configure?.Invoke(builder);
        builder.AddSettings();
        builder.AddHosting(builder.Configuration.Read<HostingOptions>());
        builder.AddLogs(builder.Configuration.Read<LogOptions>());
        builder.AddTelemetry();
        builder.Services.AddStore();
        builder.Services.AddTenancy();
        builder.Services.AddRoutes();
        builder.Services.AddApiDocument();
        builder.Services.AddAppDatabases();
        builder.Services.AddFeatures();
        builder.Services.AddIngestion();
        builder.Services.AddMetricsDocument();
        builder.Services.AddFeed();
        builder.Services.AddStreams();
        builder.Services.AddWebhooks();
        builder.Services.AddJobs();
        builder.Services.AddWeb();

        var app = builder.Build();
        app.UseMiddleware<ConnectionsAtWork>();
        app.UseMiddleware<RequestIds>();
        app.UseMiddleware<CacheRules>();
        app.UseMiddleware<VersionHeader>();
        app.UseMiddleware<RequestLog>((HttpContext http) => http.WorkspaceOrNull?.Id);
        app.UseMiddleware<ProblemAnswers>();
        app.UsePublicAddress();
        app.UseApiDocument();
        app.UseRouting();
        app.UseTelemetry();
        app.UseMiddleware<PathIds>();
        app.UseMiddleware<Readiness>();
        app.UseMiddleware<Authorisation>();
        app.UseMiddleware<RequestTurns>((HttpContext http) => http.WorkspaceOrNull?.Id ?? http.CallerOrNull?.Tenant ?? Guid.Empty);
        app.MapControllers();
        app.MapTelemetry();
        app.MapWeb();
        app.RequireAccessOnEveryRoute();
        // Else routes that are no controllers' come into being with the first request, and the document has to know them without one.
        app.UseEndpoints(_ => { });
        return app;
    }

    /// <summary>Runs the service until it is told to stop, with a Postgres of its own when none is configured.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        var settings = NewBuilder(args);
        settings.AddSettings();
        settings.AddLogs(settings.Configuration.Read<LogOptions>());
        if (settings.Configuration.GetConnectionString("Postgres") is { Length: > 0 })
        {
            await Build(args, builder => builder.Services.AddHostedService<FirstStart>()).RunAsync();
            return 0;
        }

        await using var outer = settings.Services.BuildServiceProvider();
        await using var postgres = new PrivateServer(
            new PrivateServerOptions(settings.Configuration.Read<DataDirectoryOptions>().Path),
            outer.GetRequiredService<ILogger<PrivateServer>>());
        var store = await postgres.StartAsync();
        await Build(args, builder =>
        {
            builder.Configuration["ConnectionStrings:Postgres"] = store;
            if (builder.Configuration.Read<DemoOptions>().IsWanted)
                builder.Services.AddDemo();
            else
                builder.Services.AddHostedService<FirstStart>();
        }).RunAsync();
        return 0;
    }

    // Not the current directory: settings files there would be watched, and with them everything below, a whole Postgres.
    static WebApplicationBuilder NewBuilder(string[] args) =>
        WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

    static void AddStore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BodyRoom>();
        // As many as keep the processors busy, and no more than half of the connections: the others are the background's.
        services.AddSingleton(provider => new Turns(
            "requests", Math.Clamp(4 * Environment.ProcessorCount, 1, Math.Max(1, provider.GetRequiredService<StoreAddress>().Readers / 2)),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new StoreAddress(provider.GetRequiredService<IOptions<StoreOptions>>().Value.RequiredPostgres));
        services.AddSingleton(provider => Readers(provider.GetRequiredService<StoreAddress>()));
        services.AddPooledDbContextFactory<AnalyticsDb>((provider, options) => options
            .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>())
            // Migrations are written by hand, so there is no snapshot to compare the model with.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning)));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<AnalyticsDb>>().CreateDbContext());
        services.AddSingleton<Partitions>();
        services.AddSingleton<CitusTables>();
        services.AddJob<Retention>();
        services.AddSingleton(Catalogue.Default);
        services.AddSingleton(new FactTables([.. Catalogue.Default.Kinds.Select(kind => kind.Table)]));
        services.AddJob<FieldRegistration>();
        services.AddSingleton<RegisterFields>(provider => provider.GetRequiredService<FieldRegistration>().Register);
        services.AddJob<Compactor>();
        services.AddJob<StepPacker>();
        services.AddJob<UnitBackfill>();
        services.AddSingleton<WakeUnitBackfill>(provider => provider.GetRequiredService<UnitBackfill>().Wake);
        services.AddSingleton<Installation>();
        services.AddSingleton<CursorSecret>(provider => provider.GetRequiredService<Installation>().SecretAsync);
        services.AddSingleton<CommitNotices>();
        services.AddJob<TraceCompletion>();
        services.AddSingleton<CompleteTraces>(provider => provider.GetRequiredService<TraceCompletion>().Complete);
        services.AddSingleton<Func<IReadOnlyList<KindWriter>>>(
            provider => () =>
            [
                new EventRows(provider.GetRequiredService<CompleteTraces>()), new RequestRows(), new AuditRows(),
                new AppRows(provider.GetRequiredService<Installation>()), new InvocationRows(),
            ]);
        services.AddSingleton(FollowersOf);
        services.AddJob<FactWriter>();
        services.AddSingleton<StoreReadiness>();
        services.AddJob<SchemaMigration>();
        services.AddJob<Outbox>();
        services.AddSingleton<DeliverOutbox>(provider => provider.GetRequiredService<Outbox>().DeliverAsync);
        services.AddSingleton<WakeOutbox>(provider => provider.GetRequiredService<Outbox>().Wake);
    }

    static NpgsqlDataSource Readers(StoreAddress address) => address.NewPool("reader", bounds =>
    {
        // Plans over many partitions look costly enough to Postgres to be compiled, for longer than they run.
        bounds.Options ??= "-c jit=off";
        bounds.MaxPoolSize = address.Readers;
        // A full pool answers 503 while the client still listens.
        bounds.Timeout = Math.Min(bounds.Timeout, 5);
    });

    static void AddTenancy(this IServiceCollection services)
    {
        services.AddSingleton<RootKey>();
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<AppDirectory>();
        services.AddSingleton<ForgetTenants>(provider => provider.GetRequiredService<TenantDirectory>().Forget);
        services.AddSingleton<SignedKeys>();
        services.AddSingleton<StreamTokens>();
        services.AddSingleton<SessionCookies>();
        services.AddSingleton<SignInCodes>();
        services.AddSingleton<CurrentCallers>();
        services.AddJob<RightsWatch>();
        services.AddJob<RefusedKeys>();
        services.AddSingleton<KeyRefused>(provider => provider.GetRequiredService<RefusedKeys>().Notice);
        services.AddScoped<AuditTrail>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<Links>();
    }

    static void AddFeatures(this IServiceCollection services)
    {
        // Every *Query and every *Changes of a feature is there for its controller; what is asked by such a name is a record.
        foreach (var type in typeof(AnalyticsApp).Assembly.GetTypes())
            if (IsNamed(type, "Query") || IsNamed(type, "Changes"))
                services.AddScoped(type);
        services.AddSingleton<QueryReading>();
        services.AddScoped<CustomerErasure>();
        services.AddSingleton<Exports>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<AcceptedInvitations>();
    }

    static bool IsNamed(Type type, string end) =>
        type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith(end, StringComparison.Ordinal)
        && type.FullName!.StartsWith("Analytics.Features.", StringComparison.Ordinal) && type.GetMethod("<Clone>$") is null;

    static void AddJobs(this IServiceCollection services)
    {
        services.AddJob<ErasureJob>();
        services.AddSingleton<WakeErasure>(provider => provider.GetRequiredService<ErasureJob>().Wake);
        services.AddJob<WorkspacePurge>();
        services.AddJob<AppRemoval>();
        services.AddJob<DegradationWatch>();
        services.AddJob<ReportRunner>();
        services.AddJob<WebhookSender>();
        services.AddJob<AlertWatch>();
        services.AddJob<OldCodes>();
        services.AddJob<NightlyVerify>();
        services.AddSingleton<Serving>();
        services.AddSingleton<WakePurge>(provider => provider.GetRequiredService<WorkspacePurge>().Wake);
    }

    static void AddDemo(this IServiceCollection services)
    {
        services.AddJob<DemoPulse>();
        services.AddHostedService<DemoStart>();
    }

    static void AddJob<TJob>(this IServiceCollection services) where TJob : class, IHostedService
    {
        services.AddSingleton<TJob>();
        services.AddHostedService(provider => provider.GetRequiredService<TJob>());
    }

    static CommitFollowers FollowersOf(IServiceProvider provider)
    {
        var compactor = provider.GetRequiredService<Compactor>();
        return new CommitFollowers(compactor.IsBehind, compactor.Added, provider.GetRequiredService<CommitNotices>().Tell);
    }
}
