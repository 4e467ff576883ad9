using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>An address that is told what the service itself writes into the event log.</summary>
[Table("webhooks"), PrimaryKey(nameof(WorkspaceKey), nameof(Id))]
sealed class Webhook
{
    /// <summary>Instead of names: all of them.</summary>
    public const string AllEvents = "*";

    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required Guid Id { get; init; }
    public required string Url { get; set; }

    /// <summary>Names of <see cref="OwnNames"/>, or <see cref="AllEvents"/> alone.</summary>
    public required string[] Events { get; set; }
    public required bool Enabled { get; set; }

    /// <summary>The first of its tries of which none has succeeded since; null while the last one succeeded.</summary>
    public DateTimeOffset? FailingSince { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a webhook's messages are signed with.</summary>
[Table("webhook_secrets"), PrimaryKey(nameof(WorkspaceKey), nameof(WebhookId), nameof(Id))]
sealed class WebhookSecret
{
    [Column("workspace_id")]
    public required int WorkspaceKey { get; init; }
    public required Guid WebhookId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>Nobody but the service opens it.</summary>
    public required byte[] Sealed { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it signs no more; null of the last one.</summary>
    public DateTimeOffset? EndsAt { get; set; }
}

/// <summary>Has webhooks told at once what is due: there is something new.</summary>
delegate void WakeWebhooks();
