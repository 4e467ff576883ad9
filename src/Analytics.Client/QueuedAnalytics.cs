using System.Text.Json;
using Analytics.Client.Delivery;
using Microsoft.Extensions.Logging;

namespace Analytics.Client;

/// <summary>Events wait with their id until the courier takes them.</summary>
sealed class QueuedAnalytics(Courier courier, Losses losses, TimeProvider clock, ILogger<QueuedAnalytics> log) : IAnalytics
{
    string IAnalytics.Track(
        string name, string? customerId, object? metadata, DateTimeOffset? timestamp, string? parentId, string? externalId)
    {
        var id = externalId ?? FactIds.Next();
        if (courier.IsOff)
            return id;
        try
        {
            courier.Events.Add(new EventFact(
                name, customerId, id, parentId, timestamp ?? clock.GetUtcNow(),
                metadata is null ? null : JsonSerializer.SerializeToUtf8Bytes(metadata)));
        }
        catch (Exception unwritable)
        {
            // Metadata that does not become JSON, a cycle say: the host's fault, but not one that its request should die of.
            losses.Add(FactKind.Events, Loss.Unwritable, 1);
            log.LogDebug(unwritable, "The event {Name} cannot be written as JSON.", name);
        }

        return id;
    }
}
