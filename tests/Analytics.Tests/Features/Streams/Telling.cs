using System.Text;
using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Audit;
using Analytics.Storage.Facts;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Streams;

/// <summary>What the service itself tells in a workspace's log, with numbers in the payload.</summary>
static class Telling
{
    public static async Task<WriteResult> TellAsync(
        IServiceProvider node, WorkspaceClient workspace, int first, int count = 1, string? key = null)
    {
        var known = await node.GetRequiredService<TenantDirectory>().NamedAsync(workspace.Slug);
        var now = node.GetRequiredService<TimeProvider>().GetUtcNow();
        return await node.GetRequiredService<FactWriter>().WriteAsync(
            known!, [.. Enumerable.Range(first, count).Select(number => Record(number, key, now))],
            partial: false, default);
    }

    public static Task<WriteResult> TellAsync(this WorkspaceClient workspace, int first, int count = 1, string? key = null) =>
        TellAsync(workspace.Api.Services, workspace, first, count, key);

    static IncomingAudit Record(int number, string? key, DateTimeOffset at) => new(new AuditRecord(
        "anomaly.detected", "USAGE", "WARN", "endpoint", "GET:/orders/:id", JsonSerializer.SerializeToElement(new { n = number })))
    {
        Index = 0,
        Timestamp = Rfc3339.Microseconds(at),
        KeyKind = KeyKind.Audit,
        HiddenKey = key is null ? default : Encoding.UTF8.GetBytes(key),
    };

    /// <summary>The number in the payload of a record of the log, whatever its kind.</summary>
    public static int NumberOf(Message message) => message.Json.GetProperty("payload").GetProperty("n").GetInt32();

    public static async Task<OpenStream> LogAsync(ApiClient client, string query = "", string? lastEventId = null)
    {
        if (client is WorkspaceClient workspace)
            await workspace.ToldAsync();
        return await OpenStream.OpenAsync(client, $"/api/v1/events/stream{query}", lastEventId);
    }
}
