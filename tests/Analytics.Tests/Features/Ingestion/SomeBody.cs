using System.Text;

namespace Analytics.Tests.Features.Ingestion;

/// <summary>Bodies as hostile or broken clients may send them, the same for the same seed.</summary>
static class SomeBody
{
    public static readonly byte[][] Events = [.. new[]
    {
        """{"events":[{"name":"file.scanned","customer_id":"0190f7a2-3c5b-7abc-8def-0123456789ab","timestamp":"2026-03-27T10:00:00.5+01:00","external_id":"e\u00e9\ud83d\ude00","parent_id":"p","source":"user","metadata":{"a":{"b":[1,2.5e3,{"c":null}]},"k\u0065y":"\n\t\"","_cost":{"amount":"0.0025","currency":"usd"},"_llm":{"vendor":"v","model":"m","input_tokens":100,"output_tokens":5e1,"total_tokens":null,"prompt":"p"}}}]}""",
        """{"workspace_id":"0190f7a2-3c5b-7abc-8def-0123456789ab","events":[{"name":"payment.completed","metadata":{"payment_id":"p1","amount_cents":500,"share_id":"s1","platform_fee_cents":25}},{"name":"file_share.created","source":"system","metadata":{"share_id":"s","expires_at":"2030-01-01T00:00:00Z","price_cents":1}}]}""",
        """{"events":[{"name":"a","external_customer_id":"é😀"},{"name":"login.failed"},{"name":"b","external_customer_id":"u","metadata":{"_cost":{"amount":-1.5e-3,"currency":"USD"},"x":[true,false,null,"s"]}}]}""",
        """{"events":[{"name":"mcp.x","metadata":{"_cost":{"amount":12.5,"currency":"usd"},"_cost":{"amount":"7e-3","currency":"USD","amount":99.00}}},{"name":"mcp.y","metadata":{"_llm":{"vendor":"v","model":"m","input_tokens":7,"output_tokens":1e2,"input_tokens":8},"\u005fcost":{"amount":1,"currency":"usd"},"é":[1e10,-0.5,"\u00e9"]}}]}""",
    }.Select(Encoding.UTF8.GetBytes)];

    public static readonly byte[][] Requests = [.. new[]
    {
        """{"requests":[{"method":"GET","path":"/users/42?x#y","route":"/users/{id}","statusCode":200,"latencyMs":12.345,"timestamp":1774605600000,"customerId":"e\u00e9\ud83d\ude00","apiKeyId":"k","productId":"p","requestSize":1e3,"responseSize":2,"userAgent":"a\"b","ip":"203.0.113.9, [2001:db8::1%25eth0]:80","requestId":"r"}]}""",
        """{"workspace_id":"0190f7a2-3c5b-7abc-8def-0123456789ab","requests":[{"method":"post","path":"https://x/a%40b.example/550e8400-e29b-41d4-a716-446655440000;a=b/é","statusCode":5.99e2,"latencyMs":1e-3},{"m\u0065thod":"OPTIONS","path":"*","statusCode":100,"latencyMs":999999999.9999,"timestamp":"2026-03-27T10:00:00.5+01:00","ip":"::ffff:1.2.3.4"}]}""",
    }.Select(Encoding.UTF8.GetBytes)];

    static readonly string[] Fragments =
    [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "1e999", "-", ".", "e", "\\u0000", "\\ud800", "\\udc00", "\\u", "\0", "\u2028", "[[[[[[", "{\"a\":",
        "\"_cost\":", "\"metadata\":{}", "\"name\":1,", "99999999999999999999", "0.00000000000001", "1e-999999999999", "\\u005fcost", "\"\"", " ", "\n",
    ];

    /// <summary>A valid body to which up to so many things were done.</summary>
    public static byte[] Mutated(Random random, int changes, byte[][]? of = null)
    {
        of ??= Events;
        var body = of[random.Next(of.Length)].ToList();
        for (var times = random.Next(1, changes + 1); times > 0 && body.Count > 0; times--)
        {
            var at = random.Next(body.Count);
            var length = Math.Min(random.Next(1, 12), body.Count - at);
            switch (random.Next(8))
            {
                case 0: body[at] = (byte)random.Next(256); break;
                case 1: body.RemoveRange(at, length); break;
                case 2: body.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)])); break;
                case 3: body.InsertRange(at, body.GetRange(random.Next(body.Count - length + 1), length)); break;
                case 4: body.RemoveRange(at, body.Count - at); break;
                case 5 or 6 when body[at] is >= (byte)'0' and <= (byte)'9': body[at] = (byte)"0123456789.-eE"[random.Next(14)]; break;
                default: body[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
        return [.. body];
    }
}
