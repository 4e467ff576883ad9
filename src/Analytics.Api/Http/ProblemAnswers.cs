using System.Text;
using Analytics.Contract;
using Analytics.Sharing;
using Analytics.Storage;
using Analytics.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Analytics.Http;

/// <summary>Turns whatever ends a request early into a problem answer, so that no route has to.</summary>
sealed class ProblemAnswers(RequestDelegate next, ILogger<ProblemAnswers> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer; not an error of ours.
            log.LogDebug(e, "The client went away");
            return;
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, e);
            return;
        }

        if (IsBare(http.Response))
            await ProblemBody.WriteAsync(http, OfStatus(http.Response.StatusCode));
    }

    async Task AnswerAsync(HttpContext http, Exception e)
    {
        var problem = Of(e);
        if (problem.Status == 500)
            log.LogError(e, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
        else if (problem.Status == 503)
            log.LogWarning("{Method} {Path} was refused: {Reason}", http.Request.Method, http.Request.Path, e.Message);
        http.Response.Clear();
        await ProblemBody.WriteAsync(http, problem);
    }

    /// <summary>Routing answers unknown routes, methods and media types with a bare status.</summary>
    static bool IsBare(HttpResponse response) =>
        !response.HasStarted && response.StatusCode >= 400 && response.ContentType is null && response.ContentLength is null or 0;

    static ProblemException OfStatus(int status) => status switch
    {
        404 => ProblemException.NotFound(),
        405 => new(405, "The route does not take this method."),
        415 => new(415, "The route takes application/json."),
        _ => new(status, "The request was refused."),
    };

    /// <summary>What is answered to a request that ends with it.</summary>
    public static ProblemException Of(Exception e) => e switch
    {
        ProblemException problem => problem,
        OverloadedException overloaded => new(429, overloaded.Message) { RetryAfter = overloaded.RetryAfterSeconds },
        NoRoomException full => new(429, full.Message) { RetryAfter = 1 },
        TooMuchToReadException tooMuch => new(503, tooMuch.Message) { RetryAfter = 1 },
        // A row that somebody else deleted meanwhile.
        WorkspaceGoneException or DbUpdateConcurrencyException => ProblemException.NotFound(),
        BadHttpRequestException bad => new(bad.StatusCode, bad.Message),
        // Of some broken bodies, like a chunk of two gigabytes, the server says no more than this.
        IOException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } broken => new(400, broken.Message),
        PostgresException postgres => OfSqlState(postgres),
        NpgsqlException or TimeoutException or OperationCanceledException => Unavailable(),
        // No text of the store holds it: Postgres has no NUL, UTF-8 no lone surrogates.
        EncoderFallbackException => ProblemException.Invalid(new Problem("", "text", "A text holds characters that cannot be stored.")),
        { InnerException: { } inner } => Of(inner),
        _ => new(500, "Something went wrong here. The request id helps to find out what."),
    };

    static ProblemException OfSqlState(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter =>
            ProblemException.Invalid(new Problem("", "text", "A text holds characters that cannot be stored.")),
        PostgresErrorCodes.QueryCanceled => new(503, "The answer took too long.") { RetryAfter = 1 },
        PostgresErrorCodes.ReadOnlySqlTransaction => Unavailable(),
        _ when e.IsTransient || e.SqlState.StartsWith("57", StringComparison.Ordinal) => Unavailable(),
        _ => new(500, "Something went wrong here. The request id helps to find out what."),
    };

    static ProblemException Unavailable() => new(503, "The store is not available right now.") { RetryAfter = 1 };
}
