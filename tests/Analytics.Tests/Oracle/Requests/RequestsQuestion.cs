using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>What may be asked about at an instant: everything, or what a portal key sees.</summary>
sealed record Asked(RequestWorld World, Instant Now, string? Only)
{
    public IEnumerable<SeenRequest> Requests => Only is null ? World.Requests : World.Requests.Where(request => request.Customer == Only);

    public List<SeenRequest> Of((Instant From, Instant To) range) =>
        [.. Requests.Where(request => request.At >= range.From && request.At < range.To)];
}

/// <summary>A question to one of the routes of API usage, and what its answer ought to say.</summary>
abstract record RequestsQuestion
{
    public const int UsualLimit = 50;

    /// <summary>The customer whose portal asks.</summary>
    public Guid? Portal { get; init; }

    /// <summary>How long a page is; null where answers have no pages, or as the service likes.</summary>
    public int? Limit { get; init; }

    protected abstract string Route { get; }

    protected abstract IEnumerable<(string Name, string Value)> Parameters { get; }

    public string ToPath()
    {
        var parts = Parameters.Concat(Limit is { } limit ? [("limit", $"{limit}")] : []);
        return $"/api/requests/{Route}?{string.Join('&', parts.Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}"))}";
    }

    /// <summary>What an answer, with all its pages, says that the model does not at an instant.</summary>
    public List<string> Differences(RequestWorld world, Instant now, JsonElement answer)
    {
        var comparison = new AnswerComparison();
        Compare(new Asked(world, now, Portal is { } customer ? world.NameOf(customer) : null), answer, comparison);
        return comparison.Differences;
    }

    /// <summary>How the CSV of an answer, of its first page, differs from the JSON: a row an item of its first list.</summary>
    public virtual List<string> CsvDifferences(RequestWorld world, Instant now, JsonElement answer, CsvTable csv) =>
        csv.Differences(CsvRows(answer));

    protected virtual IReadOnlyList<JsonElement> CsvRows(JsonElement answer) => [.. answer.GetProperty("data").EnumerateArray()];

    protected abstract void Compare(Asked asked, JsonElement answer, AnswerComparison comparison);

    protected static IEnumerable<(string, string)> Named(string name, string? value) => value is null ? [] : [(name, value)];
}
