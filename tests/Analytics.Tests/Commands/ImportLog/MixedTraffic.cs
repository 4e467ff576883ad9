using System.Net;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>What comes to a web server: people, programs with ids in their paths, scanners, and those that do not wait.</summary>
sealed class MixedTraffic(int seed)
{
    static readonly string[] Methods = ["GET", "GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

    static readonly string[] Agents =
        ["curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "a \"quoted\" agent", @"C:\back\slashes", ""];

    static readonly string[] Raw =
    [
        "GET /\r\n",
        "GET /caf\u00c3\u00a9?x=1 HTTP/1.1\r\nHost: a\r\nUser-Agent: Gr\u00c3\u00bc\u00c3\u009fe \"x\"\r\nConnection: close\r\n\r\n",
        "GET http://other.example.com/orders/9?page=2 HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YWRhIGI6eA==\r\nConnection: close\r\n\r\n",
        "PROPFIND /dav/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "get /orders/5 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a b/c HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /no-host HTTP/1.1\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT example.com:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        $"GET /{new string('x', 5_000)} HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003\u0080\"\\\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\u0003\0\0/*\u00e0\0\0\0\0\0Cookie: mstshash=Administr\r\n",
    ];

    readonly Random random = new(seed);

    /// <summary>Sends so many that are proper, and some that are not; how many that were in all.</summary>
    public async Task<int> SendAsync(NginxServer nginx, int proper)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, MaxConnectionsPerServer = 8 };
        using var http = new HttpClient(handler) { BaseAddress = nginx.Address };
        var requests = Enumerable.Range(0, proper).Select(_ => Next()).ToArray();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (request, cancel) =>
        {
            using var answer = await http.SendAsync(request, cancel);
            Assert.InRange((int)answer.StatusCode, 200, 503);
        });
        const int Rounds = 12;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var raw in Raw)
                await nginx.SendAsync(raw);
            await nginx.LeaveAsync();
        }

        return proper + (Rounds * (Raw.Length + 1));
    }

    HttpRequestMessage Next()
    {
        var request = new HttpRequestMessage(new HttpMethod(Methods[random.Next(Methods.Length)]), Path());
        request.Headers.TryAddWithoutValidation("User-Agent", Agents[random.Next(Agents.Length)]);
        return request;
    }

    string Path() => random.Next(18) switch
    {
        0 => $"/orders/{random.Next(300)}/items/{Uuid()}",
        1 => $"/orders/{random.Next(300)}/items/{Uuid().ToUpperInvariant()}?full=1",
        2 => $"/users/{Hex(24)}/avatar",
        3 => $"/files/01{Crockford(24)}",
        4 => "/v1/2fa/verify",
        5 => "/products/3d-models?color=red&id=7",
        6 => "/caf%C3%A9/menu",
        7 => $"/search?q=a%20b&page={random.Next(9)}",
        8 => "/made",
        9 => "/empty",
        10 => "/moved",
        11 => "/forbidden",
        12 => $"/missing/{random.Next(20)}",
        13 => "/limited",
        14 => "/broken",
        15 => "/away",
        _ => $"/orders/{random.Next(300)}?page={random.Next(5)}",
    };

    string Uuid() => new Guid([.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256))]).ToString();

    string Hex(int length) => random.GetHexString(length, lowercase: true);

    string Crockford(int length) => random.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", length);
}
