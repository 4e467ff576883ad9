using System.Text.Json;
using Analytics.Storage.Model;

namespace Analytics.Storage;

/// <summary>What the service itself tells about a workspace's customers, as events among the others.</summary>
public sealed class SystemEvents(EventWriter writer, TimeProvider time, ILogger<SystemEvents> log)
{
    /// <summary>
    /// Stores the event after the change it tells about was committed. Failing to tell does not undo what happened: it is
    /// logged, and the caller's request stands.
    /// </summary>
    public async Task TellAsync(Workspace workspace, string name, Guid customer, CancellationToken cancel, bool isNamed = true)
    {
        var told = new IncomingEvent
        {
            Index = 0,
            Name = name,
            Source = EventSource.System,
            Timestamp = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            CustomerId = isNamed ? customer : null,
            Metadata = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, Guid> { ["customer_id"] = customer }),
        };
        try
        {
            // The change is committed: a client that hangs up now must not silence it.
            await writer.WriteAsync(workspace, [told], partial: false, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10), cancel);
        }
        catch (Exception e)
        {
            log.LogError(e, "{Event} could not be stored", name);
        }
    }
}
