using System.Text.Json;
using Analytics.Http;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;

namespace Analytics.Reading;

/// <summary>An API request as a record of the event log.</summary>
static class LoggedRequest
{
    public const string Type = "request.completed";
    public const string TargetType = "endpoint";
    const string ActorType = "api_key";

    public static LogRecord Of(StoredRequest request, Workspace workspace)
    {
        var said = new LogClass(SeverityOf(request.StatusCode), LogCategory.Api);
        return new(
            request.Id, workspace.Id, Type, said.CategoryWord, EventSource.User, said.SeverityWord, ActorType, request.ApiKeyId, TargetType,
            request.Endpoint, JsonSerializer.SerializeToElement(request, Json.Camel), request.RequestId, request.Timestamp);
    }

    public static LogSeverity SeverityOf(int status) =>
        status >= 500 ? LogSeverity.Error : status >= 400 ? LogSeverity.Warn : LogSeverity.Info;

    /// <summary>The least status that is so serious.</summary>
    public static short LeastStatusOf(LogSeverity severity) => (short)(severity switch
    {
        LogSeverity.Info => 0,
        LogSeverity.Warn => 400,
        _ => 500,
    });
}
