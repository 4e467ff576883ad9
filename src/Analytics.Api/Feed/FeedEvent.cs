using Analytics.Reading;
using Analytics.Storage.Schema;

namespace Analytics.Feed;

/// <summary>An event.</summary>
sealed class FeedEvent(Workspace workspace, long position, StoredEvent stored, Place place) : FeedRecord(workspace, position)
{
    public StoredEvent Stored { get; } = stored;

    public override string Name => Stored.Name;
    public override Guid? CustomerId => Stored.CustomerId;

    /// <summary>Whether others are above or below it in a trace: which of them are shown depends on who asks.</summary>
    public bool HasRelatives => Stored.Parent is not null || place.Descendants > 0;

    public override int RoughBytes => 700 + (Stored.Metadata?.Length ?? 0);

    /// <summary>It as <c>GET /api/events/{id}</c> shows it.</summary>
    public Event Shown => Stored.Shape(Workspace, place);

    /// <summary>The same event, placed as somebody else sees it.</summary>
    public FeedEvent At(Place other) => new(Workspace, Position, Stored, other);

    protected override LogRecord ToLogged() => LogRecord.Of(Shown);
}
