using System.Globalization;

namespace Analytics.Commands.ImportLog;

/// <summary>What <c>import-log</c> is told.</summary>
sealed record ImportOptions
{
    public const string Usage = """
        Usage: import-log <file> [options]      a log in common or combined format, plain or gzip; - reads standard input
          --url <address>        the service; default ANALYTICS_URL, else http://localhost:8080
          --key <key>            a key with events:write; default ANALYTICS_KEY, which other accounts of this machine cannot see
          --latency s|ms|us      the unit of a last field of one's own that says how long the request took;
                                 default: seconds with a point in it ($request_time), microseconds without (%D)
          --product <id>         the productId of every request
          --customer-from-user   who signed in (the third field) is the customerId
          --source <name>        tells logs of several servers apart that may begin with the same lines
          --state <file>         remembers how far the log is imported; default .<file>.imported beside it,
                                 none for standard input
        """;

    /// <summary><c>-</c> is standard input.</summary>
    public required string File { get; init; }
    public required Uri Service { get; init; }
    public required string Key { get; init; }

    /// <summary>Microseconds in a unit of the last field; null: it depends on whether there is a point in it.</summary>
    public int? LatencyUnit { get; init; }
    public string Product { get; init; } = "";
    public bool CustomerFromUser { get; init; }
    public string Source { get; init; } = "";

    /// <summary>Empty for none.</summary>
    public string State { get; init; } = "";

    public bool IsStandardInput => File == "-";

    /// <summary>Null with what is wrong when they cannot be read.</summary>
    public static ImportOptions? Read(string[] args, IConfiguration environment, out string problem)
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        problem = Collect(args, said) ?? "";
        var service = said.GetValueOrDefault("--url") ?? environment["ANALYTICS_URL"] ?? "http://localhost:8080";
        var key = said.GetValueOrDefault("--key") ?? environment["ANALYTICS_KEY"] ?? "";
        if (problem.Length == 0)
            problem = Problem(said, service, key);
        if (problem.Length > 0)
            return null;
        var file = said["file"];
        return new ImportOptions
        {
            File = file,
            Service = new Uri(service.TrimEnd('/') + "/"),
            Key = key,
            LatencyUnit = UnitOf(said.GetValueOrDefault("--latency")),
            Product = said.GetValueOrDefault("--product") ?? "",
            CustomerFromUser = said.ContainsKey("--customer-from-user"),
            Source = said.GetValueOrDefault("--source") ?? "",
            State = said.GetValueOrDefault("--state") ?? (file == "-" ? "" : Beside(file)),
        };
    }

    // Null when all is taken.
    static string? Collect(string[] args, Dictionary<string, string> said)
    {
        for (var index = 0; index < args.Length; index++)
        {
            var (name, value) = args[index].Split('=', 2) is [['-', '-', ..] option, var after] ? (option, after) : (args[index], null);
            if (name is "--customer-from-user" && value is null)
                said[name] = "";
            else if (name is "--url" or "--key" or "--latency" or "--product" or "--source" or "--state")
            {
                if ((value ??= ++index < args.Length ? args[index] : "").Length == 0)
                    return $"{name} needs a value.";
                said[name] = value;
            }
            else if ((name.StartsWith('-') && name != "-") || !said.TryAdd("file", args[index]))
                return $"'{args[index]}' is not understood.";
        }

        return null;
    }

    static string Problem(Dictionary<string, string> said, string service, string key) =>
        !said.ContainsKey("file") ? "Which file?"
        : !Uri.TryCreate(service, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            ? $"'{service}' is no http or https address."
        : key.Length == 0 ? "There is no key: say --key, or set ANALYTICS_KEY."
        : said.TryGetValue("--latency", out var unit) && UnitOf(unit) is null ? $"--latency is s, ms or us, not '{unit}'."
        : said.TryGetValue("--product", out var product) && product.Length > 255
            ? string.Create(CultureInfo.InvariantCulture, $"--product has {product.Length} characters, 255 at most.")
        : "";

    // Hidden, so that access.log* does not mean it, too.
    static string Beside(string file) => Path.Combine(Path.GetDirectoryName(file) ?? "", $".{Path.GetFileName(file)}.imported");

    static int? UnitOf(string? name) => name switch
    {
        "s" => 1_000_000,
        "ms" => 1_000,
        "us" => 1,
        _ => null,
    };
}
