using System.Globalization;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Export;

/// <summary>Which facts to export, and how.</summary>
public sealed record ExportRequest
{
    /// <summary>First instant, RFC 3339 with an offset, or a date; the beginning of time by default.</summary>
    public string? From { get; init; }

    /// <summary>The instant or date to stop before; now where only <c>from</c> is given.</summary>
    public string? To { get; init; }

    /// <summary>Where dates begin at midnight: an IANA time zone; the workspace's by default.</summary>
    public string? Timezone { get; init; }

    /// <summary>ndjson, a JSON object a line, or csv; what <c>Accept</c> likes better by default.</summary>
    [OneOf(typeof(ExportFormat), nameof(ExportFormat.Names))]
    public string? Format { get; init; }
}

/// <summary>What is to be exported.</summary>
/// <param name="Kind">Which kind of facts.</param>
/// <param name="Workspace">Whose.</param>
/// <param name="Customer">Only this customer's; null for all.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Range">Facts of these times.</param>
/// <param name="FileName">What clients call it.</param>
sealed record ExportQuestion(
    ExportKind Kind, Workspace Workspace, Customer? Customer, ExportFormat Format, TimeRange Range, string FileName)
{
    /// <summary>Reads a request; 400 with everything that is wrong with it.</summary>
    public static ExportQuestion Of(
        ExportKind kind, Workspace workspace, Customer? customer, ExportRequest request, HttpRequest http, DateTimeOffset now)
    {
        var problems = new List<TimeProblem>();
        var zone = Zones.Find(request.Timezone ?? workspace.Timezone, problems);
        var range = TimeRange.FromInstants(request.From, request.To, zone, now, otherwise: null, problems);
        var format = FormatOf(request.Format, http);
        if (format is null)
            problems.Add(new("format", "format", $"format is one of {string.Join(", ", ExportFormat.Names)}."));
        if (problems.Count > 0)
            throw ProblemException.Invalid([.. problems.Select(problem => new Problem(problem.Parameter, problem.Code, problem.Message))]);
        if (request is { From: not null, To: null })
            range = range! with { To = now };
        var from = request.From is null ? "start" : NameOf(range!.From);
        var to = request.To is null ? NameOf(now) : NameOf(range!.To);
        return new(kind, workspace, customer, format!, range!, $"{kind.Name}-{workspace.Slug}-{from}-{to}.{format!.Name}");
    }

    static ExportFormat? FormatOf(string? asked, HttpRequest http) => asked is not null
        ? ExportFormat.All.FirstOrDefault(format => format.Name.Equals(asked, StringComparison.OrdinalIgnoreCase))
        : Csv.IsAskedBy(http) ? ExportFormat.Csv : ExportFormat.NdJson;

    // No colons: some file systems take none.
    static string NameOf(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
