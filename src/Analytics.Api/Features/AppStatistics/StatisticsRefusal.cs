using Analytics.Contract;
using Analytics.Http;

namespace Analytics.Features.AppStatistics;

/// <summary>How the routes of statistics refuse.</summary>
/// <param name="Error">What is wrong.</param>
/// <param name="Status">Always <c>KO</c>.</param>
public sealed record StatisticsError(string Error, string Status);

/// <summary>Every refusal is a sentence and <c>KO</c>: those of the source in its words, others in the service's own.</summary>
sealed class StatisticsRefusalAttribute : RefusalAttribute
{
    public const string BadDates = "Invalid date format. Use YYYY-MM-DD";
    public const string TooLong = "Date range cannot exceed 90 days";

    public override Type Body => typeof(StatisticsError);

    public override Task WriteAsync(HttpContext http, ProblemException problem)
    {
        http.Response.ContentType = "application/json";
        return JsonAnswers.WriteAsync(http, new StatisticsError(SentenceOf(problem), "KO"), Json.Snake);
    }

    static string SentenceOf(ProblemException problem) => problem.Status switch
    {
        401 => "Invalid API key",
        403 => "Insufficient permissions to access statistics",
        404 => "App/Organization not found",
        _ when problem.Errors.Any(error => error.Pointer is "from" or "to") => SentenceOfDates(problem.Errors),
        _ when problem.Errors is [{ } first, ..] => first.Message,
        _ => problem.Message,
    };

    // Whatever is wrong with them: a text that is no date may also hold what no text may.
    static string SentenceOfDates(IReadOnlyList<Problem> errors) =>
        errors.Where(error => error.Pointer is "from" or "to").All(error => error.Message == TooLong) ? TooLong : BadDates;
}
