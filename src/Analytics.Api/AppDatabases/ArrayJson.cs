using System.Buffers;
using System.Text.Json;

namespace Analytics.AppDatabases;

/// <summary>
/// Writes an array as JSON from how Postgres writes it: <c>{1,NULL,3}</c>, <c>{{a,"b c"},{"\"",""}}</c>. Where its numbering begins, as in
/// <c>[0:2]={1,2,3}</c>, is left out.
/// </summary>
ref struct ArrayJson(Utf8JsonWriter json, Shape shape, ReadOnlySpan<byte> text)
{
    readonly ReadOnlySpan<byte> text = text;
    readonly byte delimiter = (byte)shape.Delimiter;
    int at = text.IndexOf((byte)'{');

    public void Write()
    {
        json.WriteStartArray();
        at++;
        while (text[at] != '}')
        {
            WriteMember();
            if (text[at] == delimiter)
                at++;
        }

        at++;
        json.WriteEndArray();
    }

    void WriteMember()
    {
        switch (text[at])
        {
            case (byte)'{':
                Write();
                break;
            case (byte)'"':
                WriteQuoted();
                break;
            default:
                var length = text[at..].IndexOfAny(delimiter, (byte)'}');
                var member = text.Slice(at, length);
                at += length;
                if (member.SequenceEqual("NULL"u8))
                    json.WriteNullValue();
                else
                    ValueJson.Write(json, shape.Member!, member);
                break;
        }
    }

    void WriteQuoted()
    {
        var member = new ArrayBufferWriter<byte>();
        for (at++; text[at] != '"'; at++)
        {
            if (text[at] == '\\')
                at++;
            member.Write(text.Slice(at, 1));
        }

        at++;
        ValueJson.Write(json, shape.Member!, member.WrittenSpan);
    }
}
