using System.Text;

namespace Analytics.Tests.Http.Telemetry;

/// <summary>A span as the collector got it; a root has an empty parent. Attributes are those with texts.</summary>
public sealed record Span(string TraceId, string Id, string ParentId, string Name, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Every span of an ExportTraceServiceRequest: in resource_spans, scope_spans, spans, by opentelemetry-proto's numbers.</summary>
    public static IEnumerable<Span> ReadAll(byte[] request) =>
        from resource in Fields(request)
        where resource.Number == 1
        from scope in Fields(resource.Bytes)
        where scope.Number == 2
        from span in Fields(scope.Bytes)
        where span.Number == 2
        select Read(Fields(span.Bytes));

    static Span Read(List<(int Number, byte[] Bytes)> fields) => new(
        Convert.ToHexStringLower(First(fields, 1)), Convert.ToHexStringLower(First(fields, 2)), Convert.ToHexStringLower(First(fields, 4)),
        Encoding.UTF8.GetString(First(fields, 5)),
        fields.Where(field => field.Number == 9).Select(field => Fields(field.Bytes)).GroupBy(pair => Encoding.UTF8.GetString(First(pair, 1)))
            .ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(First(Fields(First(pair.First(), 2)), 1))));

    static byte[] First(List<(int Number, byte[] Bytes)> fields, int number) => fields.Find(field => field.Number == number).Bytes ?? [];

    /// <summary>The fields of a protobuf message that have a length; numbers are passed over.</summary>
    static List<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[])>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += sizeof(long);
                    break;
                case 5:
                    at += sizeof(int);
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    fields.Add(((int)(tag >> 3), message[at..(at + length)]));
                    at += length;
                    break;
            }
        }
        return fields;
    }

    static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
