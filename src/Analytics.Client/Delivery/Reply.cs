using System.Net;
using System.Text.Json;

namespace Analytics.Client.Delivery;

/// <summary>What to do with a batch after a try.</summary>
enum Verdict
{
    /// <summary>The service has them, but for those that it refused.</summary>
    Taken,

    /// <summary>It will never take them.</summary>
    Refused,

    /// <summary>It may take half of them.</summary>
    TooLarge,

    /// <summary>It is away or busy.</summary>
    Later,

    /// <summary>Key or address are wrong. Somebody may put that right, but not soon.</summary>
    Unwelcome,
}

/// <summary>How a try went. <paramref name="Said"/> is for the log.</summary>
sealed record Reply(Verdict Verdict, string Said, int Refused = 0, TimeSpan? RetryAfter = null)
{
    const int LongestSaid = 300;

    public static async Task<Reply> OfAsync(HttpResponseMessage answer, DateTimeOffset now, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        var said = $"{(int)answer.StatusCode} {(text.Length > LongestSaid ? text[..LongestSaid] : text)}";
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => Counted(text) ?? new Reply(Verdict.Unwelcome, $"What answers is not Analytics: {said}"),
            HttpStatusCode.BadRequest => new Reply(Verdict.Refused, said),
            HttpStatusCode.RequestEntityTooLarge => new Reply(Verdict.TooLarge, said),
            HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                new Reply(Verdict.Later, said, RetryAfter: RetryAfterOf(answer, now)),
            _ => new Reply(Verdict.Unwelcome, said, RetryAfter: RetryAfterOf(answer, now)),
        };
    }

    static Reply? Counted(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var answer = document.RootElement;
            if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("inserted", out _))
                return null;
            var refused = answer.TryGetProperty("rejected", out var count) ? count.GetInt32() : 0;
            return new Reply(Verdict.Taken, refused > 0 ? FirstError(answer) : "", refused);
        }
        catch (Exception garbage) when (garbage is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    static string FirstError(JsonElement answer) =>
        answer.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0
            ? errors[0].GetRawText()
            : "";

    static TimeSpan? RetryAfterOf(HttpResponseMessage answer, DateTimeOffset now) => answer.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } moment } when moment > now => moment - now,
        _ => null,
    };
}
