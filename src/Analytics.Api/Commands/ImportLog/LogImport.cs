namespace Analytics.Commands.ImportLog;

/// <summary>Reads a log line by line and sends its requests; while one batch is under way the next one is read.</summary>
sealed class LogImport(ImportOptions options, RequestPost post, ImportCounts counts, ImportProgress progress) : IDisposable
{
    /// <summary>How long lines wait for others when the log comes slowly, from <c>tail -F</c> say.</summary>
    static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    readonly ImportState state = new(options);
    RequestBatch filling = new();
    RequestBatch sent = new();
    Task<IngestAnswer>? answer;

    /// <summary>Null, or what is wrong with the log where reading it ended.</summary>
    public string? Damage { get; private set; }

    public async Task RunAsync(CancellationToken cancel)
    {
        var file = await LogFile.OpenAsync(options, cancel);
        try
        {
            var lines = LinesOf(file);
            if (state.Read() is { } place && !await SkipAsync(lines, place, cancel))
            {
                if (options.IsStandardInput)
                    throw new ImportRefusedException($"This is another log than {options.State} tells of.");
                progress.Say($"{options.File} is another log than {options.State} tells of: all of it is sent.");
                await file.DisposeAsync();
                file = await LogFile.OpenAsync(options, cancel);
                lines = LinesOf(file);
            }

            counts.Before = lines.Place.Line;
            await SendAsync(lines, file, cancel);
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    public void Dispose()
    {
        filling.Dispose();
        sent.Dispose();
    }

    LogLines LinesOf(LogFile file) => new(file.Text, file.IsGrowing, LogPlace.Beginning(options.Source));

    /// <summary>Goes on to a place; false when the log has no such place.</summary>
    static async Task<bool> SkipAsync(LogLines lines, LogPlace to, CancellationToken cancel)
    {
        while (lines.Place.Offset < to.Offset)
            if (!lines.TryNext(out _) && !await lines.FillAsync(cancel))
                return false;
        return lines.Place == to;
    }

    async Task SendAsync(LogLines lines, LogFile file, CancellationToken cancel)
    {
        while (await MoreAsync(lines, cancel))
        {
            while (lines.TryNext(out var line))
            {
                Take(line, lines.Place);
                if (filling.IsFull)
                    await HandOverAsync(lines.Place, cancel);
            }

            progress.Look(counts, file.Part);
        }

        await HandOverAsync(lines.Place, cancel);
        await SettleAsync();
    }

    async Task<bool> MoreAsync(LogLines lines, CancellationToken cancel)
    {
        try
        {
            var more = lines.FillAsync(cancel);
            if (!more.IsCompleted && await Task.WhenAny(more, Task.Delay(Moment, cancel)) != more)
            {
                await HandOverAsync(lines.Place, cancel);
                await SettleAsync();
            }

            return await more;
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException)
        {
            Damage = failure.Message;
            return false;
        }
    }

    void Take(ReadOnlySpan<byte> line, in LogPlace place)
    {
        if (line.IsEmpty)
        {
            counts.Empty++;
            return;
        }

        var problem = LogLine.Read(line, out var read);
        if (problem is null && read.Status is < 100 or > 599)
            problem = "a status outside 100..599";
        if (problem is not null)
        {
            counts.Unreadable.Add(problem, place.Line, line);
            return;
        }

        var latency = Latency.Read(read.Last, options.LatencyUnit);
        counts.Timed += latency is null ? 0 : 1;
        if (filling.Add(read, place, latency, options) is { } note)
            counts.Noted.Add(note, place.Line, line);
    }

    async Task HandOverAsync(LogPlace end, CancellationToken cancel)
    {
        await SettleAsync();
        (filling, sent) = (sent, filling);
        sent.End = end;
        var body = sent.Finish();
        // Packing it takes as long as reading it.
        answer = sent.Lines.Count == 0 ? Task.FromResult(new IngestAnswer(0, 0, 0, null))
            : Task.Run(() => post.SendAsync(body, cancel), cancel);
    }

    /// <summary>Waits until the service has what is under way.</summary>
    async Task SettleAsync()
    {
        if (answer is null)
            return;
        counts.Add(await answer, sent.Lines);
        answer = null;
        if (state.Write(sent.End) is { } problem)
            progress.Say(problem);
        sent.Clear();
    }
}
