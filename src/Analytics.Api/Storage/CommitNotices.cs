namespace Analytics.Storage;

/// <summary>Tells whoever listens in which workspaces this process committed what streams tell, and up to where.</summary>
sealed class CommitNotices
{
    /// <summary>Called by the writer after each commit: listeners note it and return, they neither wait nor throw.</summary>
    public event Action<int, StreamPositions>? Committed;

    internal void Tell(int workspace, StreamPositions reached)
    {
        foreach (var listener in Committed?.GetInvocationList() ?? [])
            try
            {
                ((Action<int, StreamPositions>)listener)(workspace, reached);
            }
            catch (Exception)
            {
                // The facts are stored. Whoever was not told looks by itself before long.
            }
    }
}
