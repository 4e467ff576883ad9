using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Analytics.Http;
using Analytics.Http.OpenApi;
using CsvHelper;

namespace Analytics.Features.Export;

/// <summary>How an export is written.</summary>
/// <param name="Name">What <c>format</c> calls it, and how its files' names end.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Open">Begins to write one with these columns.</param>
sealed record ExportFormat(string Name, string MediaType, Func<PipeWriter, IReadOnlyList<string>, ExportWriter> Open)
{
    public static readonly ExportFormat NdJson = new("ndjson", LinesAttribute.MediaType, (body, _) => new NdJsonExport(body));

    public static readonly ExportFormat Csv = new(
        "csv", $"{Http.Csv.MediaType}; charset=utf-8", (body, columns) => new CsvExport(body, columns));

    public static readonly IReadOnlyList<ExportFormat> All = [NdJson, Csv];

    public static readonly IReadOnlyList<string> Names = [.. All.Select(format => format.Name)];

    public static readonly JsonWriterOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true,
    };
}

/// <summary>Writes an export, as fast as the client reads.</summary>
abstract class ExportWriter
{
    public abstract ValueTask WriteAsync(ExportLine line, CancellationToken cancel);

    /// <summary>Writes what belongs behind the last line. What breaks off has no such end.</summary>
    public abstract ValueTask EndAsync(CancellationToken cancel);
}

/// <summary>A JSON object a line.</summary>
sealed class NdJsonExport : ExportWriter
{
    const int SentAtOnce = 64 * 1024;

    // A writer takes a new segment of a body's for each line, most of which it leaves empty.
    readonly ArrayBufferWriter<byte> text = new(2 * SentAtOnce);
    readonly Utf8JsonWriter json;
    readonly PipeWriter body;

    public NdJsonExport(PipeWriter body) => (this.body, json) = (body, new(text, ExportFormat.Json));

    public override ValueTask WriteAsync(ExportLine line, CancellationToken cancel)
    {
        line.Write(json);
        json.Flush();
        json.Reset();
        text.Write("\n"u8);
        return text.WrittenCount < SentAtOnce ? default : SendAsync(cancel);
    }

    public override ValueTask EndAsync(CancellationToken cancel) => SendAsync(cancel);

    async ValueTask SendAsync(CancellationToken cancel)
    {
        await body.WriteAsync(text.WrittenMemory, cancel);
        text.ResetWrittenCount();
    }
}

/// <summary>A row a line, below their names; what is an object in JSON stays one in its cell.</summary>
sealed class CsvExport(PipeWriter body, IReadOnlyList<string> columns) : ExportWriter
{
    readonly CsvWriter csv = CsvWriter.Create(body.AsStream(leaveOpen: true));
    readonly ArrayBufferWriter<byte> text = new();
    bool hasHeader;

    public override async ValueTask WriteAsync(ExportLine line, CancellationToken cancel)
    {
        await WriteHeaderAsync(cancel);
        text.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(text, ExportFormat.Json))
            line.Write(json);
        using var fact = JsonDocument.Parse(text.WrittenMemory);
        foreach (var member in fact.RootElement.EnumerateObject())
            csv.WriteField(Csv.Cell(member.Value));
        await csv.EndRecordAsync(cancel);
    }

    public override async ValueTask EndAsync(CancellationToken cancel)
    {
        await WriteHeaderAsync(cancel);
        await csv.DisposeAsync();
        await body.FlushAsync(cancel);
    }

    async ValueTask WriteHeaderAsync(CancellationToken cancel)
    {
        if (hasHeader)
            return;
        hasHeader = true;
        foreach (var column in columns)
            csv.WriteField(column);
        await csv.EndRecordAsync(cancel);
    }
}
