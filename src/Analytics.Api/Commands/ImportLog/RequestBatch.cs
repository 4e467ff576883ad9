using System.Buffers;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Analytics.Commands.ImportLog;

/// <summary>Requests that are sent together, written as JSON while the log is read.</summary>
sealed class RequestBatch : IDisposable
{
    const int MaxRequests = 10_000;

    // Of the 10 MB that a body may have; a line adds 1 MB at most.
    const int MaxBytes = 8_000_000;

    readonly ArrayBufferWriter<byte> body = new(4 * 1024 * 1024);
    readonly Utf8JsonWriter json;
    readonly List<long> lines = new(MaxRequests);

    public RequestBatch()
    {
        json = new Utf8JsonWriter(
            body, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        Clear();
    }

    /// <summary>The number of the log's line that each of the requests is.</summary>
    public IReadOnlyList<long> Lines => lines;

    /// <summary>Up to where the log is in what was sent once this batch is.</summary>
    public LogPlace End { get; set; }

    public bool IsFull => lines.Count == MaxRequests || body.WrittenCount + json.BytesPending >= MaxBytes;

    /// <summary>Adds what a line says. Null, or what is worth a note about it.</summary>
    public string? Add(in LogLine line, in LogPlace place, long? latency, ImportOptions options)
    {
        lines.Add(place.Line);
        json.WriteStartObject();
        var note = WriteRequest(line.Request);
        json.WriteNumber("statusCode"u8, line.Status);
        json.WriteNumber("latencyMs"u8, (latency ?? 0) / 1_000m);
        json.WriteNumber("responseSize"u8, line.Size);
        json.WriteNumber("timestamp"u8, line.At);
        json.WriteString("requestId"u8, place.RequestId);
        Write("userAgent"u8, line.Agent);
        if (IPAddress.TryParse(line.Host, out _))
            json.WriteString("ip"u8, line.Host);
        if (options.CustomerFromUser)
            Write("customerId"u8, line.User);
        if (options.Product.Length > 0)
            json.WriteString("productId"u8, options.Product);
        json.WriteEndObject();
        return note;
    }

    /// <summary>The body, which holds until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    public void Clear()
    {
        lines.Clear();
        body.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteStartArray("requests"u8);
    }

    public void Dispose() => json.Dispose();

    string? WriteRequest(ReadOnlySpan<byte> request)
    {
        if (!RequestLine.TryRead(request, out var method, out var path))
        {
            json.WriteString("method"u8, RequestLine.InvalidMethod);
            json.WriteString("path"u8, RequestLine.InvalidPath);
            return "not a request: sent as INVALID *";
        }

        json.WriteString("method"u8, method);
        if (LoggedText.IsPlain(path) && path.Length <= LoggedText.LongestPath)
            json.WriteString("path"u8, path);
        else
            json.WriteString("path"u8, LoggedText.ReadPath(path));
        return path.Length > LoggedText.LongestPath ? "a long path: its beginning is sent" : null;
    }

    void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> logged)
    {
        if (logged.IsEmpty)
            return;
        if (LoggedText.IsPlain(logged))
            json.WriteString(name, logged);
        else
            json.WriteString(name, LoggedText.Read(logged));
    }
}
