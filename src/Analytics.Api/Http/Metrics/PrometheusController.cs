using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;

namespace Analytics.Http.Metrics;

/// <summary>Metrics of the process for Prometheus.</summary>
[ApiController]
public sealed class PrometheusController(PrometheusText metrics) : ControllerBase
{
    /// <summary>Ingest, queue, store, streams and HTTP as Prometheus text. Open on the management port, else for the root key.</summary>
    [HttpGet("/metrics"), RequireRoot(IsOpenOnManagementPort = true), Produces("text/plain", Type = typeof(string))]
    public ContentResult Get() => Content(metrics.Read(), "text/plain; version=0.0.4; charset=utf-8");
}
