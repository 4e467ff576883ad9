using Analytics.Storage.Model;

namespace Analytics.Storage;

/// <summary>The one way facts get into the store: group commit of keys, events and rollups.</summary>
public sealed class EventWriter
{
    /// <summary>
    /// Stores the events, each once, and answers after the commit. Without <paramref name="partial"/> any refusal means
    /// that nothing was stored. Throws <see cref="OverloadedException"/> when the queue is full.
    /// </summary>
    public Task<WriteResult> WriteAsync(
        Workspace workspace, IReadOnlyList<IncomingEvent> events, bool partial, CancellationToken cancel) =>
        throw new NotSupportedException();
}
