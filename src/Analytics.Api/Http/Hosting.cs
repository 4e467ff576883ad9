using Microsoft.AspNetCore.Connections;
using Serilog;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;

namespace Analytics.Http;

/// <summary>How the process listens and logs.</summary>
static class Hosting
{
    // The routes check their own limits; this one keeps anything bigger from being read at all.
    const long LargestBody = 16 << 20;

    // What the server reads of a body before somebody asks for it.
    const int ReadAhead = 128 * 1024;

    // What the server holds of an answer that nobody reads: a thousand streams may stand still at once.
    const int HeldBack = 16 * 1024;

    // Connections on their way out, while new ones take their places.
    const int Leaving = 64;

    // Nobody's head takes so long to come.
    static readonly TimeSpan LongestHead = TimeSpan.FromSeconds(15);

    static readonly MessageTemplateTextFormatter Readable = new("{Timestamp:HH:mm:ss} {Level:u3} {Message:l}{NewLine}{Exception}");

    public static void AddHosting(this WebApplicationBuilder builder, HostingOptions options)
    {
        builder.WebHost.UseUrls([.. options.Addresses]);
        var most = FileLimit.Connections(options.Connections);
        var connections = new OpenConnections(most);
        // A few more, which find one to give way.
        builder.Services.AddSingleton<IConnectionListenerFactory>(provider => BoundedTransport.Of(provider, most + Leaving));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestBufferSize = ReadAhead;
            kestrel.Limits.MaxResponseBufferSize = HeldBack;
            kestrel.Limits.RequestHeadersTimeout = LongestHead;
            // Bodies have a deadline of their own, and give way when others want their room.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(connections.Admit));
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
    }

    /// <summary>
    /// Readable lines on a terminal, JSON lines elsewhere (<see cref="LogOptions"/>), both without <see cref="Secrets"/>. The framework's
    /// own request lines stay off: they carry query strings.
    /// </summary>
    public static void AddLogs(this WebApplicationBuilder builder, LogOptions options)
    {
        var secrets = new Secrets(builder.Configuration["Analytics:RootKey"]);
        ITextFormatter lines = options.IsText(Console.IsOutputRedirected) ? Readable : new JsonFormatter(renderMessage: true);
        builder.Services.AddSingleton(secrets);
        builder.Services.AddSerilog(
            logs => logs
                .MinimumLevel.Information()
                .ReadFrom.Configuration(builder.Configuration)
                .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
                .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
                // What fails in the store is answered and logged where it is handled; a taken name is no error.
                .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal)
                .MinimumLevel.Override("System", LogEventLevel.Warning)
                .Enrich.FromLogContext()
                .WriteTo.Console(new SecretiveText(lines, secrets)),
            preserveStaticLogger: true);
    }
}
