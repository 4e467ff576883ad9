using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Analytics.Client.Delivery;

/// <summary>Facts that are sent together, and the body that tells them: the same however often it is sent.</summary>
sealed record Batch(FactKind Kind, IReadOnlyList<Fact> Facts, byte[] Body)
{
    static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A batch of those that become JSON; the others are lost alone.</summary>
    public static Batch Of(FactKind kind, IReadOnlyList<Fact> facts, Losses losses)
    {
        var written = new List<Fact>(facts.Count);
        using var body = new MemoryStream();
        using (var gzip = new GZipStream(body, CompressionLevel.Fastest))
        {
            var buffer = new ArrayBufferWriter<byte>(1_024);
            using var json = new Utf8JsonWriter(buffer, Json);
            gzip.Write("{\""u8);
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(kind.Name));
            gzip.Write("\":["u8);
            foreach (var fact in facts.Where(fact => IsWritten(fact, json, buffer)))
            {
                if (written.Count > 0)
                    gzip.Write(","u8);
                gzip.Write(buffer.WrittenSpan);
                written.Add(fact);
            }

            gzip.Write("]}"u8);
        }

        if (written.Count < facts.Count)
            losses.Add(kind, Loss.Unwritable, facts.Count - written.Count);
        return new Batch(kind, written, body.ToArray());
    }

    static bool IsWritten(Fact fact, Utf8JsonWriter json, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        json.Reset();
        try
        {
            fact.Write(json);
            json.Flush();
            return true;
        }
        catch (Exception broken) when (broken is ArgumentException or InvalidOperationException or JsonException)
        {
            // Half a surrogate pair, say.
            return false;
        }
    }
}
