using Analytics.Reading;
using Analytics.Storage.Schema;

namespace Analytics.Feed;

/// <summary>A committed event on its way to readers, with the texts that were made of it so far.</summary>
sealed class FeedEvent(Workspace workspace, long sequence, StoredEvent stored, Place place)
{
    readonly byte[]?[] texts = new byte[MessageShape.Count][];

    public Workspace Workspace { get; } = workspace;

    /// <summary>Its place in the workspace's commit order.</summary>
    public long Sequence { get; } = sequence;

    public StoredEvent Stored { get; } = stored;

    /// <summary>Whether others are above or below it in a trace: which of them are shown depends on who asks.</summary>
    public bool HasRelatives => Stored.Parent is not null || place.Descendants > 0;

    /// <summary>About how many bytes a message takes: enough to cut batches.</summary>
    public int RoughBytes => 700 + (Stored.Metadata?.Length ?? 0);

    /// <summary>The data line; made once, shared by all readers.</summary>
    public byte[] DataIn(MessageShape shape) => texts[shape.Number] ??= shape.DataOf(Stored.Shape(Workspace, place));
}
