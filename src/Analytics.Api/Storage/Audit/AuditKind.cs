using Analytics.Storage.Facts;

namespace Analytics.Storage.Audit;

/// <summary>What the service itself tells in the event log. It counts in no section.</summary>
sealed class AuditKind : FactKind
{
    /// <summary>The kind.</summary>
    public static readonly AuditKind Kind = new();

    AuditKind() : base("audit")
    {
    }

    public override Task RecountAsync(RawCount count, CancellationToken cancel) => Task.CompletedTask;
}
