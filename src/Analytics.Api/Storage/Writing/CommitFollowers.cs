namespace Analytics.Storage.Writing;

/// <summary>Who follows what a writer commits. They note it and return; the writer asks one of them whether to hold back.</summary>
/// <param name="IsBehind">Whether more of a workspace waits to be flushed than readers should have to merge.</param>
/// <param name="Left">A commit left deltas of so many bytes in a workspace.</param>
/// <param name="Streamed">What streams of a workspace tell is committed up to there.</param>
sealed record CommitFollowers(Func<int, bool> IsBehind, Action<int, int> Left, Action<int, StreamPositions> Streamed);
