using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Analytics.Features.Ingestion;

/// <summary>How many facts were stored, and how many had been before.</summary>
/// <param name="Inserted">Stored now.</param>
/// <param name="Duplicates">Their external_id or requestId was taken: stored once already.</param>
/// <param name="Rejected">With partial=true: how many were not valid.</param>
/// <param name="Errors">With partial=true: what was wrong with those.</param>
public sealed record IngestAnswer(
    int Inserted, int Duplicates,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Rejected = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RejectedFact>? Errors = null)
{
    /// <summary>
    /// Straight into the response: for single facts, serialising would cost more than reading them. What is stored is told, whatever
    /// became of the caller's rights since.
    /// </summary>
    public Task WriteAsync(HttpResponse response)
    {
        response.ContentType = "application/json; charset=utf-8";
        if (Rejected is null)
        {
            Short(response.BodyWriter);
            return response.BodyWriter.FlushAsync(CancellationToken.None).AsTask();
        }
        using (var json = new Utf8JsonWriter(response.BodyWriter))
            Long(json);
        return response.BodyWriter.FlushAsync(CancellationToken.None).AsTask();
    }

    void Short(PipeWriter into)
    {
        var room = into.GetSpan(64);
        System.Text.Unicode.Utf8.TryWrite(room, $"{{\"inserted\":{Inserted},\"duplicates\":{Duplicates}}}", out var written);
        into.Advance(written);
    }

    void Long(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("inserted", Inserted);
        json.WriteNumber("duplicates", Duplicates);
        json.WriteNumber("rejected", Rejected ?? 0);
        json.WriteStartArray("errors");
        foreach (var error in Errors ?? [])
        {
            json.WriteStartObject();
            json.WriteNumber("index", error.Index);
            json.WriteString("pointer", error.Pointer);
            json.WriteString("code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}

/// <summary>Something wrong with a fact: its place in the request, a JSON pointer from the body's root, a stable code, words.</summary>
public sealed record RejectedFact(int Index, string Pointer, string Code, string Message);
