namespace Analytics.Commands.ImportLog;

/// <summary>What the service says of a batch.</summary>
sealed record IngestAnswer(long Inserted, long Duplicates, long Rejected, IReadOnlyList<IngestError>? Errors);

/// <summary>A rule that a request of the batch breaks.</summary>
sealed record IngestError(int Index, string Pointer, string Code, string Message);
