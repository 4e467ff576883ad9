using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>
/// A change that is to be delivered as an event, or as an audit record. It is saved in the transaction of what it reports, and is
/// deleted once it was delivered; see docs/decisions/0008.
/// </summary>
[Table("outbox"), PrimaryKey(nameof(WorkspaceKey), nameof(Number))]
sealed class OutboxRow
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }

    /// <summary>Rows of one subject are delivered in the order of these.</summary>
    [DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public long Number { get; init; }

    /// <summary>The deduplication key of what is delivered: delivered however often, it counts once.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>
    /// What it is about. When that is a customer, it is the event's customer. Whatever names a customer must have it as its
    /// subject: that is where an erasure looks.
    /// </summary>
    public required Guid Subject { get; init; }

    public required string Name { get; init; }
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The event's metadata, a JSON object; of an audit record all that it says.</summary>
    [Column(TypeName = "jsonb")]
    public required string Metadata { get; init; }

    /// <summary>Whether it is delivered as an audit record, which nobody sends but the service.</summary>
    public bool IsAudit { get; init; }

    /// <summary>An event of a customer, under one of <c>OwnNames.Events</c>.</summary>
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

/// <summary>
/// Delivers the rows of a subject after its change was committed. A failure does not concern the caller, whose change stands: the
/// rows are delivered later.
/// </summary>
delegate Task DeliverOutbox(Workspace workspace, Guid subject, CancellationToken cancel);

/// <summary>Has the outbox delivered at once, in the background: there is something new in it.</summary>
delegate void WakeOutbox();
