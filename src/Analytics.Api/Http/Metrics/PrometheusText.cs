using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Analytics.Http.Metrics;

/// <summary>
/// What the process' meters measured, as Prometheus text: the service's own, ASP.NET Core's, Npgsql's pool and the
/// runtime's. Labels that could grow without bound are left out.
/// </summary>
public sealed class PrometheusText : IHostedService, IDisposable
{
    static readonly HashSet<string> Meters =
    [
        "Analytics", "Npgsql", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime",
    ];
    static readonly HashSet<string> Labels =
    [
        "http.request.method", "http.route", "http.response.status_code", "db.client.connection.pool.name",
        "db.client.connection.state", "cpu.mode", "gc.heap.generation", "kind", "result", "rollup", "reason", "network.type",
    ];

    readonly ConcurrentDictionary<(string Name, string Labels), Series> series = new();
    readonly ConcurrentDictionary<string, Exported> instruments = new();
    readonly MeterListener listener = new();

    public PrometheusText()
    {
        listener.InstrumentPublished = (instrument, meters) =>
        {
            if (!Meters.Contains(instrument.Meter.Name))
                return;
            var exported = new Exported(NameOf(instrument), TypeOf(instrument), instrument.IsObservable || IsGauge(instrument), instrument.Description);
            instruments.TryAdd(exported.Name, exported);
            meters.EnableMeasurementEvents(instrument, exported);
        };
        listener.SetMeasurementEventCallback<byte>((_, value, tags, exported) => Record(exported, value, tags));
        listener.SetMeasurementEventCallback<short>((_, value, tags, exported) => Record(exported, value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, exported) => Record(exported, value, tags));
        listener.SetMeasurementEventCallback<long>((_, value, tags, exported) => Record(exported, value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, exported) => Record(exported, value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, exported) => Record(exported, value, tags));
        listener.SetMeasurementEventCallback<decimal>((_, value, tags, exported) => Record(exported, (double)value, tags));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => listener.Dispose();

    /// <summary>Everything measured so far.</summary>
    public string Read()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var named in series.ToArray().GroupBy(entry => entry.Key.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var instrument = instruments[named.Key];
            if (instrument.Description is { Length: > 0 } description)
                text.Append("# HELP ").Append(named.Key).Append(' ').Append(description.ReplaceLineEndings(" ")).Append('\n');
            text.Append("# TYPE ").Append(named.Key).Append(' ').Append(instrument.Type).Append('\n');
            foreach (var entry in named.OrderBy(entry => entry.Key.Labels, StringComparer.Ordinal))
                entry.Value.Write(text);
        }
        return text.ToString();
    }

    void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var exported = (Exported)state!;
        var one = series.GetOrAdd(
            (exported.Name, LabelsOf(tags)), static (key, type) => new Series(key.Name, key.Labels, type == "histogram"), exported.Type);
        if (exported.IsAbsolute)
            one.Set(value);
        else
            one.Add(value);
    }

    static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
            if (Labels.Contains(key))
                text.Append(text.Length == 0 ? "" : ",").Append(key.Replace('.', '_')).Append("=\"")
                    .Append($"{value}".Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n")).Append('"');
        return text.ToString();
    }

    static bool IsGauge(Instrument instrument) => instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);

    static string TypeOf(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? "counter"
            : "gauge";
    }

    // http.server.request.duration in s is http_server_request_duration_seconds.
    static string NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return TypeOf(instrument) == "counter" && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    // Absolute measurements replace the one before, others add to it.
    sealed record Exported(string Name, string Type, bool IsAbsolute, string? Description);
}
