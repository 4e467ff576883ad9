using System.IO.Pipelines;
using System.Text.Json;
using Analytics.Features.Export;
using Analytics.Sharing;
using Analytics.Tenancy;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Export;

/// <summary>An export that is read step by step, as the test likes.</summary>
static class ExportSteps
{
    /// <summary>Begins an export of everything.</summary>
    public static async Task<ExportReader> BeginExportAsync(this WorkspaceClient workspace, string name)
    {
        var (api, kind) = (workspace.Api, ExportKinds.OfFacts.Append(ExportKinds.Log).Single(one => one.Name == name));
        var known = await api.Services.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug);
        var everything = new ExportQuestion(kind, known!, null, ExportFormat.NdJson, TimeRange.Everything(Zones.Utc, api.Clock.GetUtcNow()), "");
        return await ExportReader.BeginAsync(api.Store, new Turns("test", 1, api.Clock), everything, TestContext.Current.CancellationToken);
    }

    /// <summary>All that is left, step by step.</summary>
    public static async Task<List<IReadOnlyList<ExportLine>>> StepsAsync(this ExportReader reader)
    {
        var steps = new List<IReadOnlyList<ExportLine>>();
        await foreach (var step in reader.PagesAsync(TestContext.Current.CancellationToken))
            steps.Add(step);
        return steps;
    }

    /// <summary>All that is left.</summary>
    public static async Task<List<JsonElement>> LinesAsync(this ExportReader reader) => await LinesAsync(await reader.StepsAsync());

    /// <summary>What some steps say.</summary>
    public static async Task<List<JsonElement>> LinesAsync(IEnumerable<IReadOnlyList<ExportLine>> steps)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var writer = ExportFormat.NdJson.Open(pipe.Writer, []);
        foreach (var line in steps.SelectMany(step => step))
            await writer.WriteAsync(line, default);
        await writer.EndAsync(default);
        await pipe.Writer.CompleteAsync();
        using var lines = new StreamReader(pipe.Reader.AsStream());
        return [.. (await lines.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
