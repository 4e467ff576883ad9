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

/// <summary>
/// One line of the report. <paramref name="Bare"/> is the same measured on bare Postgres in the same run; a
/// <paramref name="Headline"/> is in the README's table too.
/// </summary>
public sealed record Figure(
    string Part, string Name, double Value, string Unit, double? Bare = null, Goal? Goal = null, string Note = "", bool Headline = false)
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

    /// <summary>The headlines as a table in Markdown.</summary>
    public string Table() => string.Join('\n',
    [
        "| what | this service | bare Postgres | ratio |",
        "|---|---:|---:|---:|",
        .. figures.Where(figure => figure.Headline).Select(figure => (figure.Part, Cells: Cells(figure)))
            .Select(row => $"| {row.Part}: {row.Cells.What} | {row.Cells.Service} | {row.Cells.Bare} | {row.Cells.Ratio} |"),
    ]);

    public static string Short(double value) => Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 0.1 or 0 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    static (string What, string Service, string Bare, string Ratio) Cells(Figure figure) => (
        $"{figure.Name}, {figure.Unit}",
        Short(figure.Value),
        figure.Bare is { } bare ? Short(bare) : "",
        figure.Ratio is { } ratio ? Short(ratio) : "");

    static string Line(Figure figure)
    {
        var (what, service, bare, ratio) = Cells(figure);
        var goal = figure.Goal is { } wanted ? $"{wanted} {(figure.GoalMet == true ? "yes" : "NO")}" : "";
        var note = figure.Note.Length > 0 ? $"  [{figure.Note}]" : "";
        return $"{what,-68} {service,14} {bare,14} {ratio,7}  {goal}{note}";
    }
}
