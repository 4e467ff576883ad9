using System.Globalization;
using System.Text.Json;

namespace Analytics.Benchmarks;

/// <summary>What a figure has to reach: a limit of the figure itself or of its ratio to bare Postgres.</summary>
public sealed record Goal(double Limit, bool AtLeast = true, bool OfRatio = false)
{
    public static Goal RatioAtLeast(double limit) => new(limit, OfRatio: true);

    public static Goal AtMost(double limit) => new(limit, AtLeast: false);

    public bool IsMet(double value, double? ratio) => AtLeast ? (OfRatio ? ratio : value) >= Limit : (OfRatio ? ratio : value) <= Limit;

    public override string ToString() => $"{(OfRatio ? "ratio " : "")}{(AtLeast ? ">=" : "<=")} {Report.Short(Limit)}";
}

/// <summary>One line of the report. <paramref name="Bare"/> is the same measured on bare Postgres in the same run.</summary>
public sealed record Figure(string Part, string Name, double Value, string Unit, double? Bare = null, Goal? Goal = null, string Note = "")
{
    public double? Ratio { get; init; } = Bare is > 0 ? Value / Bare : null;

    public bool? GoalMet => Goal?.IsMet(Value, Ratio);
}

/// <summary>Collects figures, says each as it comes, and at the end prints the table and writes the JSON.</summary>
public sealed class Report
{
    static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    readonly List<Figure> figures = [];
    readonly List<string> faults = [];

    /// <summary>What must never happen: counts that differ, acknowledged events that are gone.</summary>
    public IReadOnlyList<string> Faults => faults;

    public static void Say(string line) => Console.WriteLine(line);

    public void Fault(string line)
    {
        faults.Add(line);
        Say("FAULT: " + line);
    }

    public void Add(Figure figure)
    {
        figures.Add(figure);
        Say("  " + Line(figure));
    }

    public async Task FinishAsync(string path, object run, CancellationToken cancel)
    {
        Say("");
        foreach (var part in figures.GroupBy(figure => figure.Part))
        {
            Say(part.Key);
            Say($"  {"",-68} {"service",14} {"bare Postgres",14} {"ratio",7}  wanted");
            foreach (var figure in part)
                Say("  " + Line(figure));
            Say("");
        }

        foreach (var fault in faults)
            Say("FAULT: " + fault);
        var document = new
        {
            run,
            faults,
            figures = figures.Select(figure => new
            {
                figure.Part,
                figure.Name,
                figure.Value,
                figure.Unit,
                figure.Bare,
                figure.Ratio,
                goal = figure.Goal?.ToString(),
                figure.GoalMet,
                figure.Note,
            }),
        };
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(document, Json), cancel);
        Say($"Figures as JSON: {Path.GetFullPath(path)}");
    }

    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };

    static string Line(Figure figure)
    {
        var bare = figure.Bare is { } value ? Short(value) : "";
        var ratio = figure.Ratio is { } quotient ? Short(quotient) : "";
        var goal = figure.Goal is { } wanted ? $"{wanted} {(figure.GoalMet == true ? "yes" : "NO")}" : "";
        var note = figure.Note.Length > 0 ? $"  [{figure.Note}]" : "";
        return $"{figure.Name + ", " + figure.Unit,-68} {Short(figure.Value),14} {bare,14} {ratio,7}  {goal}{note}";
    }
}
