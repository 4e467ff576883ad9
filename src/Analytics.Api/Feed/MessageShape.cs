using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Analytics.Feed;

/// <summary>How a track's facts look on its streams. Each is written once, however many read it.</summary>
abstract class MessageShape(Track track)
{
    static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What its streams go by. There is one shape of each.</summary>
    public Track Track => track;

    /// <summary>Writes the fact as the JSON of its message.</summary>
    protected abstract void Write(Utf8JsonWriter json, FeedRecord record);

    /// <summary>The data line of a fact's message and the empty line that ends it.</summary>
    internal byte[] DataOf(FeedRecord record)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        text.Write("data: "u8);
        using (var json = new Utf8JsonWriter(text, Compact))
            Write(json, record);
        text.Write("\n\n"u8);
        return text.WrittenSpan.ToArray();
    }
}
