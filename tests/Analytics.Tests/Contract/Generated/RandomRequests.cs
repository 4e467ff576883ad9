using System.Text;
using System.Text.Json;
using static Analytics.Tests.Contract.Generated.RandomValues;

namespace Analytics.Tests.Contract.Generated;

/// <summary>Makes requests of what the document says of an operation: some as it says, most of them a little or quite otherwise.</summary>
sealed class RandomRequests(Documented document, SomeWorld world, Random random)
{
    static readonly string[] ContentTypes =
    [
        "text/plain", "application/json; v=1", "application/json;charset=utf-8", "Application/JSON", "text/json", "application/xml", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/cloudevents+json", "application/x-protobuf", "json", "/", ";", "a/b, c/d",
    ];

    static readonly string[] Accepts = ["*/*", "application/json", "text/csv", "text/html", "text/csv;q=0.1, */*", "application/xml", "x", "a/b;q=z", ",", "*/json"];

    static readonly (string Name, string[] Values)[] Others =
    [
        ("If-None-Match", ["*", "\"x\"", "W/\"x\"", "x", "\"", ",", ""]), ("Last-Event-ID", ["0-0", "x", "9999999999999-1", "", "-1"]), ("Range", ["bytes=0-1", "x"]),
        ("X-Request-Id", ["a", "{}", "a b"]), ("Origin", ["https://evil.example", "null"]), ("Content-Encoding", ["gzip", "br", "identity", "x"]),
        ("traceparent", ["00-0-0-0", "x"]), ("Accept-Language", ["x;q=z"]), ("Cookie", ["analytics_session=x", "="]), ("X-HTTP-Method-Override", ["DELETE"]),
        ("Expect", ["100-continue"]), ("X-Forwarded-Host", ["evil"]), ("If-Match", ["*"]), ("If-Modified-Since", ["yesterday"]), ("Prefer", ["x"]),
    ];

    /// <summary>How often something is as it should not be: of a thousand. A third of the requests is as it should be.</summary>
    readonly int spoilt = random.Next(3) == 0 ? 0 : random.Next(20, 400);

    public GeneratedRequest Next(Operation operation)
    {
        var (body, type) = Body(operation);
        var method = operation.Method == "GET" && random.Next(10) == 0 && !IsStream(operation) ? "HEAD" : operation.Method;
        return new(operation, method, Path(operation) + Query(operation), Headers(operation), body, type);
    }

    bool IsSpoilt => random.Next(1_000) < spoilt;

    static bool IsStream(Operation operation) => operation.Answer(200, "text/event-stream") is not null;

    string Path(Operation operation)
    {
        var path = new StringBuilder();
        var pattern = "/";
        foreach (var segment in operation.Path.Split('/').Skip(1))
        {
            path.Append('/').Append(segment.StartsWith('{') ? PathValue(operation, pattern) : segment);
            pattern += segment + "/";
        }
        return random.Next(30) == 0 && path.Length > 1 ? path.Append('/').ToString() : path.ToString();
    }

    // Never none at all, and no dots: those lead to other operations.
    string PathValue(Operation operation, string pattern)
    {
        // Of what goes only the last is one that may.
        var things = operation.Method == "DELETE" && operation.Path.LastIndexOf('/') < pattern.Length ? world.Victims : world.Things;
        var text = IsSpoilt ? Text(random) : things.GetValueOrDefault(pattern) ?? Of(random, world.Ids);
        return text.Trim('.', ' ').Length == 0 ? "x" : Escaped(text);
    }

    string Query(Operation operation)
    {
        var query = new List<string>();
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.GetProperty("in").GetString() == "query"))
        {
            var isRequired = parameter.TryGetProperty("required", out var required) && required.GetBoolean();
            if (isRequired ? IsSpoilt : random.Next(4) > 0)
                continue;
            for (var times = IsSpoilt ? random.Next(2, 30) : 1; times > 0; times--)
                query.Add($"{Name(parameter)}={Escaped(QueryValue(parameter))}");
        }
        if (IsSpoilt)
            query.Add(Of(random, (string[])["=", "&&", "%", "%zz", "a[b]=c", "metadata[]=x", "metadata[%00]=x", "workspace_id=x", "format=csv", "%ff=%fe", "?"]));
        return query.Count == 0 ? "" : "?" + string.Join('&', query);
    }

    string Name(JsonElement parameter)
    {
        var name = parameter.GetProperty("name").GetString()!;
        return name == "metadata" ? $"metadata[{Escaped(IsSpoilt ? Text(random) : "a.b")}]" : Escaped(name);
    }

    string QueryValue(JsonElement parameter)
    {
        if (IsSpoilt)
            return Text(random);
        if (parameter.GetProperty("name").GetString() == "cursor")
            return Of(random, world.Cursors);
        var schema = parameter.GetProperty("schema");
        return RandomJson.Parameter(
            document.Root, schema.TryGetProperty("items", out var items) ? items : schema, random, world.Ids);
    }

    List<(string, string)> Headers(Operation operation)
    {
        var headers = new List<(string, string)>();
        if (!IsSpoilt)
            headers.Add(("Sec-Fetch-Site", "same-origin"));
        if (random.Next(8) == 0)
        {
            headers.Add(("Cookie", world.Cookie));
            return headers;
        }
        var good = operation.Scope.Contains(':', StringComparison.Ordinal) ? world.GoodKeys.Use : world.GoodKeys.Manage;
        if ((IsSpoilt ? Of(random, world.Keys) : Of(random, good)) is { } key)
            headers.Add(random.Next(3) switch { 0 => ("X-API-Key", key), 1 => ("Authorization", key), _ => ("Authorization", $"Bearer {key}") });
        if (random.Next(4) == 0)
            headers.Add(("Accept", Of(random, Accepts)));
        for (; IsSpoilt && headers.Count < 6;)
            if (Of(random, Others) is var other && (other.Name != "Content-Encoding" || operation.Bodies.Any()))
                headers.Add((other.Name, Of(random, other.Values)));
        return headers;
    }

    (byte[]? Body, string? Type) Body(Operation operation)
    {
        if (!operation.Bodies.Any())
            return IsSpoilt && operation.Method is not "GET" ? (Encoding.UTF8.GetBytes(Token(random)), "application/json") : (null, null);
        if (IsSpoilt && random.Next(4) == 0)
            return (null, null);
        var type = IsSpoilt ? Of(random, ContentTypes) : "application/json";
        if (operation.Path == "/api/session" && !IsSpoilt)
            return (JsonSerializer.SerializeToUtf8Bytes(new { key = Of(random, world.GoodKeys.Use) }), type);
        var media = Operation.Media(operation.Bodies.First(), "application/json")!.Value;
        // What holds between members no schema says: the example keeps to it.
        if (!IsSpoilt && random.Next(4) == 0 && media.TryGetProperty("example", out var example))
            return (Encoding.UTF8.GetBytes(example.GetRawText()), type);
        var text = RandomJson.Of(document.Root, media.GetProperty("schema"), random, world.Ids, spoilt / 4);
        var body = Encoding.UTF8.GetBytes(text);
        return (IsSpoilt && random.Next(3) == 0 ? Broken(body) : body, type);
    }

    byte[] Broken(byte[] body) => random.Next(8) switch
    {
        0 => [],
        1 => body[..random.Next(body.Length)],
        2 => [0xEF, 0xBB, 0xBF, .. body],
        3 => [.. body, .. body],
        4 => [.. body[..(body.Length / 2)], (byte)random.Next(256), .. body[(body.Length / 2)..]],
        5 => [.. Enumerable.Range(0, random.Next(200)).Select(_ => (byte)random.Next(256))],
        6 => Encoding.UTF8.GetBytes(Token(random)),
        _ => [.. Enumerable.Repeat((byte)' ', random.Next(2) == 0 ? 1_100_000 : 10), .. body],
    };

    // Bytes that are no UTF-8 among them.
    string Escaped(string text) => random.Next(1_000) < spoilt / 8
        ? Of(random, (string[])["%ff", "%ed%a0%80", "%c0%80", "%", "%e9", "%2", "+", "%0d%0a"])
        : Uri.EscapeDataString(text);
}
