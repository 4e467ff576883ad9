namespace Analytics.Commands.ImportLog;

/// <summary>What became of the lines of a log: the summary at the end.</summary>
sealed class ImportCounts
{
    /// <summary>Lines that were imported before, by what a state file says.</summary>
    public long Before { get; set; }

    public long Sent { get; set; }
    public long Inserted { get; set; }
    public long Duplicates { get; set; }

    /// <summary>Requests that say how long they took.</summary>
    public long Timed { get; set; }

    /// <summary>Lines that are no requests of a log, and statuses that are none.</summary>
    public Tally Unreadable { get; } = new();

    /// <summary>Those the service did not take.</summary>
    public Tally Rejected { get; } = new();

    /// <summary>Those sent otherwise than they stand in the log.</summary>
    public Tally Noted { get; } = new();

    /// <summary>Lines without anything.</summary>
    public long Empty { get; set; }

    public long Lines => Before + Sent + Unreadable.Total + Empty;

    public void Add(IngestAnswer answer, IReadOnlyList<long> lines)
    {
        (Sent, Inserted, Duplicates) = (Sent + lines.Count, Inserted + answer.Inserted, Duplicates + answer.Duplicates);
        // A request may break several rules; the first is told.
        foreach (var error in (answer.Errors ?? []).DistinctBy(error => error.Index))
            Rejected.Add("not taken by the service: " + error.Code, lines[error.Index], $"{error.Pointer}: {error.Message}");
    }

    public IEnumerable<string> Summary(TimeSpan took)
    {
        var seconds = Math.Max(took.TotalSeconds, 0.001);
        yield return $"{Lines,14:n0}  lines in {seconds:n1} s, {(Lines - Before) / seconds:n0} a second";
        if (Before > 0)
            yield return $"{Before,14:n0}  imported before";
        yield return $"{Sent,14:n0}  sent: {Inserted:n0} new, {Duplicates:n0} there already, {Rejected.Total:n0} not taken";
        foreach (var line in Rejected.Lines().Concat(Unreadable.Lines()).Concat(Noted.Lines()))
            yield return line;
        if (Sent > 0 && Timed == 0)
            yield return "No line says how long its request took: latencies are 0 (nginx: $request_time last in log_format; Apache: %D).";
    }
}
