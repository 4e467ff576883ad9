namespace Analytics.Storage.Model;

/// <summary>
/// A change that is to be delivered as an event. It is saved in the transaction of the change it reports, and is deleted once
/// it was delivered; see docs/decisions/0008.
/// </summary>
sealed class OutboxRow
{
    public required int WorkspaceKey { get; init; }

    /// <summary>Rows of one subject are delivered in the order of these.</summary>
    public long Number { get; init; }

    /// <summary>The deduplication key of its event: delivered however often, it counts once.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>
    /// What it is about. When that is a customer, it is the event's customer. Whatever names a customer must have it as its
    /// subject: that is where an erasure looks.
    /// </summary>
    public required Guid Subject { get; init; }

    public required string Name { get; init; }
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The event's metadata, a JSON object.</summary>
    public required string Metadata { get; init; }

    public static OutboxRow OfCustomer(string name, int workspace, Guid customer, DateTimeOffset at) => new()
    {
        WorkspaceKey = workspace,
        Subject = customer,
        Name = name,
        Timestamp = at,
        Metadata = Naming(customer),
    };

    /// <summary>Metadata that says no more than which customer it is about.</summary>
    public static string Naming(Guid customer) => $$"""{"customer_id":"{{customer}}"}""";
}
