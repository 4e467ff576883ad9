using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Analytics.Commands.ImportLog;

/// <summary>
/// Sends batches until the service has them: what it cannot take now is sent again, after as long as it asks for. Every request has an id,
/// so that none counts twice whichever answer was lost.
/// </summary>
sealed class RequestPost(HttpClient http, ImportOptions options, Action<string> say)
{
    /// <summary>How long the service may be away before the import ends.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    readonly Uri address = new(options.Service, "api/requests/ingest?partial=true");

    public async Task<IngestAnswer> SendAsync(ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var packed = await PackAsync(body, cancel);
        var (clock, pause) = (Stopwatch.StartNew(), TimeSpan.FromSeconds(1));
        while (true)
        {
            var (taken, problem, after) = await TryAsync(packed, cancel);
            if (taken is not null)
                return taken;
            if (clock.Elapsed >= Patience)
                throw new ImportRefusedException($"{problem} for {Patience.TotalMinutes:n0} minutes.");
            var wait = after ?? pause;
            say($"{problem}; again in {wait.TotalSeconds:0.#} s");
            await Task.Delay(wait, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    static async Task<byte[]> PackAsync(ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using var packed = new MemoryStream(body.Length / 8);
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(body, cancel);
        return packed.ToArray();
    }

    // What the service said, or what is in its way and how long it asks to be left alone.
    async Task<(IngestAnswer? Taken, string Problem, TimeSpan? After)> TryAsync(byte[] packed, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(packed) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Content.Headers.ContentEncoding.Add("gzip");
            using var answer = await http.SendAsync(request, cancel);
            if (answer.IsSuccessStatusCode)
                return (await answer.Content.ReadFromJsonAsync<IngestAnswer>(cancel) ?? throw new JsonException(), "", null);
            var problem = $"{options.Service} answered {(int)answer.StatusCode}";
            return IsForNow(answer.StatusCode)
                ? (null, problem, PauseOf(answer.Headers.RetryAfter))
                : throw new ImportRefusedException($"{problem}: {await DetailAsync(answer, cancel)}");
        }
        catch (JsonException)
        {
            throw new ImportRefusedException($"{options.Service} answered what is no answer of this service.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return (null, $"{options.Service} is not there ({failure.Message})", null);
        }
    }

    static bool IsForNow(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
        or HttpStatusCode.GatewayTimeout;

    static TimeSpan? PauseOf(RetryConditionHeaderValue? asked) =>
        (asked?.Delta ?? asked?.Date - TimeProvider.System.GetUtcNow()) is not { } pause ? null
        : pause < TimeSpan.Zero ? TimeSpan.Zero : pause < LongestPause ? pause : LongestPause;

    static async Task<string> DetailAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.GetProperty("detail").GetString() ?? "";
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return text.Length > 200 ? text[..200] : text;
        }
    }
}
