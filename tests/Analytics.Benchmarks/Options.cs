using System.Globalization;

namespace Analytics.Benchmarks;

/// <summary>How much of everything a run does.</summary>
public sealed record Size(
    string Name, int Rounds, int BatchesPerRound, int SingleSeconds, int OverloadSeconds, long[] Events, long[] Requests,
    long Apps, int Devices, int Shares, int RequestsPerQuestion)
{
    static readonly Size[] All =
    [
        new("tiny", 2, 6, 1, 3, [2_000, 20_000], [2_000, 20_000], 5_000, 3_000, 500, 3),
        new("small", 3, 60, 4, 15, [100_000, 1_000_000], [50_000, 500_000], 100_000, 100_000, 10_000, 15),
        new("default", 3, 160, 6, 60, [1_000_000, 10_000_000], [100_000, 1_000_000], 1_000_000, 1_000_000, 100_000, 40),
    ];

    public static Size Named(string name) => All.FirstOrDefault(size => size.Name == name)
        ?? throw new FormatException($"--size is one of {string.Join(", ", All.Select(size => size.Name))}, not {name}.");
}

/// <summary>The command line.</summary>
public sealed record Options
{
    static readonly string[] Parts =
        ["ingest", "single", "overload", "streams", "neighbour", "client", "web", "requests", "apps", "log", "business", "alerts", "export", "statistics", "metrics", "query"];

    public Size Size { get; private init; } = Size.Named("default");
    public Profile[] Profiles { get; private init; } = [Profile.Typical, Profile.Heavy];
    public string[] Only { get; private init; } = Parts;
    public string JsonFile { get; private init; } = "benchmarks.json";

    /// <summary>Where a table of the headlines goes, too.</summary>
    public ReadmeFigures? Readme { get; private init; }

    public int Connections { get; private init; } = 8;
    public double Minutes { get; private init; } = 15;
    public ulong Seed { get; private init; } = 1;

    /// <summary>A server to use instead of a private one of this run; its user must be able to create databases.</summary>
    public string? Postgres { get; private init; }

    /// <summary>Another build of the service than the one beside this program, to compare the two.</summary>
    public string? Service { get; private init; }

    /// <summary>Whether the numeric fields of the profile are asked about first, so that the service keeps rollups of them.</summary>
    public bool RegisterFields { get; private init; } = true;

    public const string Usage = """
        dotnet run -c Release --project tests/Analytics.Benchmarks -- [options]
          --size tiny|small|default     how much to do (default: default, a quarter of an hour)
          --profile typical|heavy|both  which events batch ingest sends (default: both)
          --only a,b                    of ingest, single, overload, streams, neighbour, client, web, requests, apps, log,
                                        business, alerts, export, statistics, metrics, query (default: all)
          --events 1000000,10000000     sizes of the statistics, metrics and query data sets; cut to what the time allows
          --requests 1000000,10000000   sizes of the sets of API requests; cut to what the time allows
          --apps n --devices n          facts of the set of apps, devices of the sets of many devices; cut to what the time allows
          --rounds n --batches n        batch ingest: rounds, and batches of 1 000 in each
          --seconds n                   overload: how long
          --connections n               batch ingest: connections (default: 8)
          --minutes n                   time limit of the whole run (default: 15)
          --fields asked|unasked        whether the profile's numeric fields are in rollups (default: asked)
          --seed n                      of the generated events (default: 1)
          --postgres "Host=..."         use this server instead of a private one
          --service path/Analytics.Api.dll  measure this build instead of the one beside this program
          --json file                   where the figures go (default: benchmarks.json)
          --readme README.md            writes the headlines between this file's figures markers, unless there was a fault
        """;

    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i < args.Length; i += 2)
            options = i + 1 < args.Length ? options.With(args[i], args[i + 1]) : throw new FormatException($"{args[i]} needs a value.");
        return options;
    }

    Options With(string name, string value) => name switch
    {
        "--size" => this with { Size = Size.Named(value) },
        "--profile" => this with { Profiles = ProfilesNamed(value) },
        "--only" => this with { Only = PartsNamed(value) },
        "--events" => this with { Size = Size with { Events = [.. value.Split(',').Select(Number)] } },
        "--requests" => this with { Size = Size with { Requests = [.. value.Split(',').Select(Number)] } },
        "--apps" => this with { Size = Size with { Apps = Number(value) } },
        "--devices" => this with { Size = Size with { Devices = (int)Number(value) } },
        "--rounds" => this with { Size = Size with { Rounds = (int)Number(value) } },
        "--batches" => this with { Size = Size with { BatchesPerRound = (int)Number(value) } },
        "--seconds" => this with { Size = Size with { OverloadSeconds = (int)Number(value) } },
        "--connections" => this with { Connections = (int)Number(value) },
        "--minutes" => this with { Minutes = double.Parse(value, CultureInfo.InvariantCulture) },
        "--fields" => this with { RegisterFields = value == "asked" },
        "--seed" => this with { Seed = (ulong)Number(value) },
        "--postgres" => this with { Postgres = value },
        "--service" => this with { Service = value },
        "--json" => this with { JsonFile = value },
        "--readme" => this with { Readme = ReadmeFigures.In(value) },
        _ => throw new FormatException($"Unknown option {name}."),
    };

    static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    static Profile[] ProfilesNamed(string name) => name switch
    {
        "typical" => [Profile.Typical],
        "heavy" => [Profile.Heavy],
        "both" => [Profile.Typical, Profile.Heavy],
        _ => throw new FormatException($"--profile is typical, heavy or both, not {name}."),
    };

    static string[] PartsNamed(string names) => names.Split(',') is var chosen && chosen.All(Parts.Contains)
        ? chosen
        : throw new FormatException($"--only takes {string.Join(',', Parts)}, not {names}.");
}
