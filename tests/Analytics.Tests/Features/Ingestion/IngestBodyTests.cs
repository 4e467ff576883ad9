using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Analytics.Tests.Http;

namespace Analytics.Tests.Features.Ingestion;

/// <summary>What a request's body may be: packed or not, how large, of which media type.</summary>
public sealed class IngestBodyTests(AnalyticsApi api)
{
    const string Route = "/api/events/ingest";
    const string Good = """{"name":"file.scanned","external_customer_id":"u1"}""";

    [Fact]
    public async Task Gzip_is_unpacked()
    {
        var workspace = await api.NewWorkspaceAsync();
        var answer = await workspace.PostAsync(Route, Packed(Zip(Encoding.UTF8.GetBytes($$"""{"events":[{{Good}}]}"""))));
        Assert.Equal(1, IngestionTests.Number(answer, "inserted"));
    }

    [Fact]
    public async Task Broken_gzip_is_refused()
    {
        var workspace = await api.NewWorkspaceAsync();
        var zip = Zip(Encoding.UTF8.GetBytes($$"""{"events":[{{Good}}]}"""));
        byte[] flipped = [.. zip];
        flipped[^6] ^= 0xFF;
        foreach (var broken in new[] { [1, 2, 3], zip[..10], zip[..^12], zip[..^4], flipped, "{\"events\":[]}"u8.ToArray() })
            Assert.Equal([" gzip"], IngestionTests.Pointers(await workspace.PostAsync(Route, Packed(broken), 400)));
        foreach (var behind in new byte[][] { [0], [9], new byte[20], [0x1F, 0x8B, 8], zip[..12] })
            Assert.Equal([" gzip"], IngestionTests.Pointers(await workspace.PostAsync(Route, Packed([.. zip, .. behind]), 400)));
        // Several members in a row are one body, empty ones among them.
        await workspace.PostAsync(Route, Packed([.. zip, .. Zip([])]));
        await workspace.PostAsync(Route, Packed([.. Zip("{\"events\""u8.ToArray()), .. Zip(":[]}"u8.ToArray())]));
    }

    [Fact]
    public async Task A_connection_goes_on_after_a_body_that_was_refused()
    {
        var workspace = await api.NewWorkspaceAsync();
        const int size = (10 << 20) + 1;
        using var connection = await RawConnection.OpenAsync(api.Address);
        await connection.SendAsync($"{Head("Transfer-Encoding: chunked")}{size:x}\r\n{Padded(size)}\r\n0\r\n\r\n");
        await connection.SendAsync($"{Head("Content-Length: 13\r\nConnection: close")}{{\"events\":[]}}");

        var answers = (await connection.ReadAsync()).Split("HTTP/1.1 ")[1..];
        Assert.Equal(["413", "200"], answers.Select(answer => answer[..3]));

        string Head(string more) => $"POST {Route} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {workspace.Key}\r\n"
            + $"Content-Type: application/json\r\n{more}\r\n\r\n";
    }

    [Fact]
    public async Task Ten_megabytes_are_taken_and_one_byte_more_is_not()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.PostAsync(Route, Padded(10 << 20));
        await workspace.PostAsync(Route, Padded((10 << 20) + 1), 413);
        await workspace.PostAsync(Route, Packed(Zip(Encoding.UTF8.GetBytes(Padded((10 << 20) + 1)))), 413);
        await workspace.PostAsync(Route, new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(Padded((10 << 20) + 1)))), 413);
        var tooMany = string.Join(',', Enumerable.Repeat("""{"name":"login.ok"}""", 10_001));
        Assert.Equal(["/events too_large"], IngestionTests.Pointers(await workspace.PostAsync(Route, $$"""{"events":[{{tooMany}}]}""", 413)));
    }

    [Theory]
    [InlineData("text/csv", null, 415)]
    [InlineData("application/xml", null, 415)]
    [InlineData("application/json; charset=utf-16", null, 415)]
    [InlineData("application/json", "br", 415)]
    [InlineData("application/json", "gzip, gzip", 415)]
    [InlineData("application/json", "identity", 200)]
    [InlineData("application/json; charset=utf-8", null, 200)]
    [InlineData("application/vnd.events+json", null, 415)]
    [InlineData("text/json", null, 415)]
    [InlineData("text/plain; charset=\"UTF-8\"", null, 200)]
    [InlineData("text/plain", null, 200)]
    [InlineData(null, null, 200)]
    public async Task Only_JSON_is_taken(string? mediaType, string? encoding, int status)
    {
        var workspace = await api.NewWorkspaceAsync();
        var content = new ByteArrayContent("{\"events\":[]}"u8.ToArray());
        content.Headers.ContentType = mediaType is null ? null : MediaTypeHeaderValue.Parse(mediaType);
        if (encoding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        await workspace.PostAsync(Route, content, status);
    }

    static string Padded(int bytes) => """{"events":[]}""".PadRight(bytes);

    internal static ByteArrayContent Packed(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } } };

    internal static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return zipped.ToArray();
    }
}
