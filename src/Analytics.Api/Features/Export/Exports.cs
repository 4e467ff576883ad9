using System.IO.Compression;
using System.IO.Pipelines;
using Analytics.Sharing;
using Analytics.Storage;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace Analytics.Features.Export;

/// <summary>
/// Sends exports, some at once of a workspace and in all, over connections of their own: they last as long as their clients read, and
/// nobody who asks a question waits for them. One that fails on the way ends with its connection, not like a whole one.
/// </summary>
sealed class Exports(StoreAddress address, TimeProvider clock, ILogger<Exports> log) : IAsyncDisposable
{
    const int Most = 16;
    const int StepsAtOnce = 4;
    const int ConnectionsForBounds = 1;

    readonly Shares places = new("exports", Most, clock);
    readonly Turns turns = new("steps of exports", StepsAtOnce, clock, maxWaiting: int.MaxValue);
    readonly NpgsqlDataSource store = address.NewPool("exports", bounds =>
    {
        bounds.Options ??= "-c jit=off";
        bounds.MaxPoolSize = StepsAtOnce + ConnectionsForBounds;
        bounds.CommandTimeout = 0; // the statements have their own
        bounds.ReadBufferSize = 64 * 1024; // the usual 8 kB are a dozen rows
        // To plan the look-ups of a step, each in all partitions, takes longer than they do.
        bounds.MaxAutoPrepare = 64;
        bounds.AutoPrepareMinUsages = 2;
        bounds.NoResetOnClose = true;
    });

    /// <summary>Answers with an export, until it is whole, or the client, its rights or the service end it.</summary>
    public async Task SendAsync(HttpContext http, ExportQuestion question, CancellationToken cancel)
    {
        var tenant = question.Workspace.Id;
        if (!places.TryTake(tenant, 1))
            throw new NoRoomException("exports");
        try
        {
            await SendInPlaceAsync(http, question, cancel);
        }
        catch (Exception failure) when (http.Response.HasStarted)
        {
            if (!cancel.IsCancellationRequested)
                log.LogWarning(failure, "An export of {Kind} broke off", question.Kind.Name);
            http.Abort();
        }
        finally
        {
            places.GiveBack(tenant, 1);
        }
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    async Task SendInPlaceAsync(HttpContext http, ExportQuestion question, CancellationToken cancel)
    {
        var reader = await ExportReader.BeginAsync(store, turns, question, cancel);
        var isZipped = WriteHead(http, question);
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        await using var pages = reader.PagesAsync(cancel).GetAsyncEnumerator(cancel);
        var hasFacts = await pages.MoveNextAsync();
        // From here on nothing can be answered but the facts.
        await http.Response.StartAsync(cancel);
        // Not disposed of when something fails: it would look whole.
        var zipped = isZipped ? new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true) : null;
        var body = zipped is null ? http.Response.BodyWriter : PipeWriter.Create(zipped, new StreamPipeWriterOptions(leaveOpen: true));
        var export = question.Format.Open(body, question.Kind.Columns);
        while (hasFacts)
        {
            foreach (var line in pages.Current)
                await export.WriteAsync(line, cancel);
            hasFacts = await pages.MoveNextAsync();
        }

        await export.EndAsync(cancel);
        if (zipped is not null)
            await zipped.DisposeAsync();
    }

    /// <summary>Says what comes; true when it comes as gzip.</summary>
    static bool WriteHead(HttpContext http, ExportQuestion question)
    {
        var (headers, isZipped) = (http.Response.Headers, TakesGzip(http.Request));
        headers.ContentType = question.Format.MediaType;
        headers.ContentDisposition = $"attachment; filename=\"{question.FileName}\"";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (isZipped)
            headers.ContentEncoding = "gzip";
        return isZipped;
    }

    static bool TakesGzip(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding
        .Any(coding => coding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && coding.Quality is not 0);
}
