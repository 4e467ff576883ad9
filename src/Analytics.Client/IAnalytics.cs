namespace Analytics.Client;

/// <summary>Tells Analytics what happened. An interface, so that a host's own tests can listen instead.</summary>
public interface IAnalytics
{
    /// <summary>
    /// Queues an event and returns at once with its <c>external_id</c>, which later events may name as their parent. It never throws:
    /// what cannot be sent is counted and logged.
    /// </summary>
    /// <param name="name">What happened: 1 to 128 characters.</param>
    /// <param name="customerId">The customer's id in your own words; most events need one.</param>
    /// <param name="metadata">Anything that is an object in JSON; read before this returns.</param>
    /// <param name="timestamp">When it happened; now when absent.</param>
    /// <param name="parentId">The <c>external_id</c> of the event that this one belongs to.</param>
    /// <param name="externalId">An id of your own, good for ever: an event that is told again with it counts once.</param>
    string Track(
        string name, string? customerId = null, object? metadata = null, DateTimeOffset? timestamp = null, string? parentId = null,
        string? externalId = null);
}
