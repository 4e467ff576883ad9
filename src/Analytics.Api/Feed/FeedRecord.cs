using Analytics.Reading;
using Analytics.Storage.Schema;

namespace Analytics.Feed;

/// <summary>A committed fact on its way to readers of one track, with the text that was made of it.</summary>
abstract class FeedRecord(Workspace workspace, long position)
{
    byte[]? data;
    LogRecord? logged;

    public Workspace Workspace { get; } = workspace;

    /// <summary>Its number in the track.</summary>
    public long Position { get; } = position;

    public abstract string Name { get; }

    /// <summary>The only customer whose portal keys see it; null for none.</summary>
    public abstract Guid? CustomerId { get; }

    /// <summary>About how many bytes a message takes: enough to cut batches.</summary>
    public abstract int RoughBytes { get; }

    /// <summary>It as the event log shows it; made once, for all who ask whether it is for them.</summary>
    public LogRecord Logged => logged ??= ToLogged();

    /// <summary>The data line; made once, shared by all readers of the track, who see it in the same shape.</summary>
    public byte[] DataIn(MessageShape shape) => data ??= shape.DataOf(this);

    protected abstract LogRecord ToLogged();
}

/// <summary>An audit record: nobody's.</summary>
sealed class FeedAudit(Workspace workspace, long position, LogRecord logged) : FeedRecord(workspace, position)
{
    public override string Name => logged.EventType;
    public override Guid? CustomerId => null;
    public override int RoughBytes => 1_000;

    protected override LogRecord ToLogged() => logged;
}

/// <summary>An API request: only the log's streams tell it.</summary>
sealed class FeedRequest(Workspace workspace, long position, StoredRequest stored, Guid? customer) : FeedRecord(workspace, position)
{
    public override string Name => LoggedRequest.Type;
    public override Guid? CustomerId => customer;
    public override int RoughBytes => 1_000;

    protected override LogRecord ToLogged() => LoggedRequest.Of(stored, Workspace);
}
