using System.Text;

namespace Analytics.Benchmarks.Requests;

/// <summary>
/// What API requests are like: 500 endpoints and 5 000 customers, of which 5 make 60 % of the requests; paths of 30 characters; 200 user
/// agents. A few endpoints are slow at 14:00 UTC, one has been slower than it was since three days.
/// </summary>
static class Traffic
{
    public const int Customers = 5_000;
    public const int Busy = 5;
    public const double BusyShare = 0.60;
    public const int IdDigits = 14;

    /// <summary>One request in 1 000 has it.</summary>
    public const int RareStatus = 418;

    /// <summary>No request has it.</summary>
    public const int NoStatus = 599;

    static readonly string[] Verbs = ["GET", "POST", "PUT", "DELETE"];
    static readonly string[] Parts = ["lines", "views", "links", "costs", "notes"];

    static readonly string[] Things =
    [
        "users", "teams", "plans", "carts", "goods", "items", "pages", "files", "forms", "polls", "votes", "tasks", "chats", "calls",
        "mails", "feeds", "posts", "likes", "rooms", "seats", "trips", "banks", "loans", "cards", "terms",
    ];

    static readonly (string Method, string Path)[] Each =
        [.. from thing in Things from part in Parts from verb in Verbs select (verb, $"/v1/{thing}/{part}/")];

    public static readonly byte[][] Methods = [.. Each.Select(endpoint => Encoding.ASCII.GetBytes(endpoint.Method))];

    /// <summary>What stands before the id in a path.</summary>
    public static readonly byte[][] Paths = [.. Each.Select(endpoint => Encoding.ASCII.GetBytes(endpoint.Path))];

    public static readonly byte[][] Products = [.. new[] { "api", "web", "mobile" }.Select(Encoding.ASCII.GetBytes)];

    static readonly string[] Systems =
        ["Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64", "Linux; Android 14; K"];

    public static readonly byte[][] Agents =
    [
        .. from system in Systems
           from version in Enumerable.Range(90, 50)
           let build = $"{version}.0.{version * 43}.{version * 7 % 200}"
           select Encoding.ASCII.GetBytes(
               $"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{build} Safari/537.36"),
    ];

    public static readonly int Endpoints = Each.Length;

    /// <summary>The endpoint's key as answers have it.</summary>
    public static string EndpointKey(int endpoint) => $"{Each[endpoint].Method}:{Each[endpoint].Path}:id";

    /// <summary>The median of an endpoint's latencies, in microseconds.</summary>
    public static double MedianOf(int endpoint, long at, long now)
    {
        const long Hour = 3_600_000_000;
        var usual = 4_000.0 * (1 + endpoint % 17);
        var isSlow = (endpoint % 50 == 7 && at / Hour % 24 == 14) || (endpoint == 11 && at > now - 72 * Hour);
        return isSlow ? usual * 40 : usual;
    }
}
