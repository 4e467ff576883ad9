using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Analytics.Reading;

namespace Analytics.Feed;

/// <summary>How events look on one kind of stream. Each is written once, however many read it.</summary>
abstract class MessageShape
{
    static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tells the shapes apart where texts are kept: from 0 to <see cref="Count"/>.</summary>
    public abstract int Number { get; }

    internal const int Count = 2;

    /// <summary>Writes the event as the JSON of its message.</summary>
    protected abstract void Write(Utf8JsonWriter json, Event shown);

    /// <summary>The data line of the event's message and the empty line that ends it.</summary>
    internal byte[] DataOf(Event shown)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        text.Write("data: "u8);
        using (var json = new Utf8JsonWriter(text, Compact))
            Write(json, shown);
        text.Write("\n\n"u8);
        return text.WrittenSpan.ToArray();
    }
}
