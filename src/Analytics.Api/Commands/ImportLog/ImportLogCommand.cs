namespace Analytics.Commands.ImportLog;

/// <summary>
/// <c>import-log file</c>: sends the requests of an access log of nginx or Apache to a running service. Begun again, also after it was
/// killed, it sends what is missing; nothing counts twice, whatever the log is called by then.
/// </summary>
static class ImportLogCommand
{
    /// <summary>
    /// 0 when all that can be read of the log is in the service; 1 when it ended before that, or nothing could be read; 2 when it could not
    /// run.
    /// </summary>
    public static async Task<int> RunAsync(
        string[] args, IConfiguration environment, TextWriter output, TextWriter error, bool isTerminal = false,
        CancellationToken cancel = default)
    {
        if (ImportOptions.Read(args, environment, out var problem) is not { } options)
        {
            await error.WriteLineAsync($"{problem}\n{ImportOptions.Usage}");
            return 2;
        }

        try
        {
            return await RunAsync(options, output, new ImportProgress(error, isTerminal), cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"import-log could not run: {failure.Message}");
            return 2;
        }
    }

    static async Task<int> RunAsync(ImportOptions options, TextWriter output, ImportProgress progress, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(2) };
        var counts = new ImportCounts();
        using var import = new LogImport(options, new RequestPost(http, options, progress.Say), counts, progress);
        string? problem;
        try
        {
            await import.RunAsync(cancel);
            problem = import.Damage is { } damage ? $"The log is damaged where reading ended: {damage}" : null;
        }
        catch (ImportRefusedException refused)
        {
            problem = $"Ended: {refused.Message} Begun again it sends what is missing.";
        }

        progress.Clear();
        foreach (var line in counts.Summary(progress.Took))
            await output.WriteLineAsync(line);
        if (problem is not null)
            progress.Say(problem);
        return problem is null && (counts.Sent + counts.Before > 0 || counts.Unreadable.Total == 0) ? 0 : 1;
    }
}
