using System.Net.Mime;
using Analytics.Contract;
using Microsoft.AspNetCore.Http.Features;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Analytics.Http;

/// <summary>
/// What the process says of itself: metrics as Prometheus text at <c>/metrics</c>, and metrics and traces to an OpenTelemetry
/// collector when the usual <c>OTEL_EXPORTER_OTLP_*</c> variables name one.
/// </summary>
static class Telemetry
{
    static readonly string[] Meters =
    [
        "Analytics", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
    ];

    // Prometheus keeps the ending _count for the number of values in a histogram.
    static readonly Dictionary<string, string> Renamed = new()
    {
        ["db.client.connection.count"] = "db.client.connections",
        ["dotnet.assembly.count"] = "dotnet.assemblies",
        ["dotnet.process.cpu.count"] = "dotnet.process.cpus",
        ["dotnet.timer.count"] = "dotnet.timers",
    };

    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            // The variables come last, so that OTEL_SERVICE_NAME wins.
            .ConfigureResource(resource => resource.Clear().AddTelemetrySdk().AddService("analytics").AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters);
                foreach (var (name, renamed) in Renamed)
                    metrics.AddView(name, renamed);
                metrics.AddPrometheusExporter(prometheus =>
                {
                    prometheus.ScopeInfoEnabled = false;
                    prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
                });
                if (HasCollector(builder.Configuration, "METRICS"))
                    metrics.AddOtlpExporter();
            });
        if (HasCollector(builder.Configuration, "TRACES"))
            telemetry.WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddSource("Analytics", "Npgsql")
                .AddProcessor(services => new SecretiveSpans(services.GetRequiredService<Secrets>())).AddOtlpExporter());
    }

    /// <summary>Leaves requests to routes that are <see cref="UntracedAttribute"/> out of the traces, and all done for them.</summary>
    public static void UseTelemetry(this WebApplication app) => app.Use(static (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<UntracedAttribute>() is not null
            && http.Features.Get<IHttpActivityFeature>()?.Activity is { } activity)
            activity.ActivityTraceFlags &= ~System.Diagnostics.ActivityTraceFlags.Recorded;
        return next(http);
    });

    public static void MapTelemetry(this WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics")
        .WithMetadata(new RequireRootAttribute { IsOpenOnManagementPort = true }, new UntracedAttribute())
        .WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]), ((Delegate)MapTelemetry).Method)
        .WithMetadata(new ProducesResponseTypeMetadata(200, typeof(string), [MediaTypeNames.Text.Plain]))
        .WithName("getPrometheusMetrics")
        .WithTags("Health")
        .WithSummary("Ingest, queue, store, streams, webhooks and HTTP as Prometheus text. Open on the management port.");

    // The exporter would try localhost when no variable names a collector.
    static bool HasCollector(ConfigurationManager settings, string signal) =>
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } || settings[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 };
}

/// <summary>Requests to the route are in no trace: they last for hours, or come every few seconds to ask nothing.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
class UntracedAttribute : Attribute;
