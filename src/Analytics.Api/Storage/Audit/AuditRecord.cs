using System.Text.Json;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;

namespace Analytics.Storage.Audit;

/// <summary>A record of the audit trail, or a finding: what happened, to what, by whom.</summary>
/// <param name="Name">What happened, as <c>anomaly.detected</c>.</param>
/// <param name="Category">One of the event log's.</param>
/// <param name="Severity">One of the event log's.</param>
/// <param name="TargetType">The sort of thing it is about.</param>
/// <param name="TargetId">Which one.</param>
/// <param name="Payload">What else there is to say, an object.</param>
sealed record AuditRecord(string Name, string Category, string Severity, string? TargetType, string? TargetId, JsonElement Payload)
{
    /// <summary>One of <see cref="OwnNames.Records"/>.</summary>
    public string Name { get; } = OwnNames.OfRecord(Name);

    /// <summary>Who did it; nobody when the service found it.</summary>
    public string? ActorType { get; init; }
    public string? ActorId { get; init; }
    public string? CorrelationId { get; init; }

    /// <summary>As it waits to be delivered. Records of one subject keep their order among each other.</summary>
    public OutboxRow InOutbox(int workspace, Guid subject, DateTimeOffset at) => new()
    {
        WorkspaceKey = workspace,
        Subject = subject,
        Name = Name,
        Timestamp = at,
        Metadata = JsonSerializer.Serialize(this),
        IsAudit = true,
    };
}

/// <summary>A record of the audit trail on its way to the store.</summary>
/// <param name="record">What it says.</param>
/// <param name="waiting">The number of its row in the outbox, where it has one: what that says when it is stored holds.</param>
sealed class IncomingAudit(AuditRecord record, long? waiting = null) : IncomingFact
{
    public override FactKind Kind => AuditKind.Kind;

    public override long Bytes => Overhead + Record.Payload.GetRawText().Length;

    public AuditRecord Record { get; } = record;

    public long? Waiting { get; } = waiting;
}
