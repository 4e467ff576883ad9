using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>A few requests of March 2026, written by hand, for asking the model what it makes of them.</summary>
sealed class RequestsScene
{
    public RequestWorld World { get; } = new();

    /// <summary>The instant at which everything is asked.</summary>
    public Instant Now { get; init; } = At("11T12:00");

    /// <summary>A GET request at <c>dayThh:mm</c> of March, in milliseconds.</summary>
    public RequestsScene Add(string path, string at, decimal latency = 10, int status = 200, string? customer = null, long bytes = 0)
    {
        World.Tell(new ToldRequest("GET", path, status, (long)(latency * 1000), At(at))
        {
            Customer = customer,
            ResponseSize = bytes,
            RequestSize = bytes / 2,
        });
        return this;
    }

    public RequestsScene Many(int count, string path, string at, Func<int, decimal> latency, Func<int, int>? status = null)
    {
        for (var number = 1; number <= count; number++)
            Add(path, at, latency(number), status?.Invoke(number) ?? 200);
        return this;
    }

    /// <summary>What an answer says that the model does not.</summary>
    public List<string> Differences(RequestsQuestion question, string answer) =>
        question.Differences(World, Now, JsonElement.Parse(answer));

    public static Instant At(string at) =>
        LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-ddTHH:mm").Parse($"2026-03-{at}").Value.InUtc().ToInstant();

    public static RequestsRange Range(string from, string to, string zone = "UTC") =>
        new(zone, RequestsRange.Text(At(from)), RequestsRange.Text(At(to)));
}
