namespace Analytics.Storage;

/// <summary>Tells whoever listens which workspaces this process committed events of, and the last one's sequence.</summary>
sealed class CommitNotices
{
    /// <summary>Called by the writer after each commit: listeners note it and return, they neither wait nor throw.</summary>
    public event Action<int, long>? Committed;

    internal void Tell(int workspace, long lastSequence)
    {
        foreach (var listener in Committed?.GetInvocationList() ?? [])
            try
            {
                ((Action<int, long>)listener)(workspace, lastSequence);
            }
            catch (Exception)
            {
                // The events are stored. Whoever was not told looks by itself before long.
            }
    }
}
