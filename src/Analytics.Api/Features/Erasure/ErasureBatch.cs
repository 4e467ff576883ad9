using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// One step of an erasure: the next part of the workspace's facts, those of the erased person scrubbed, one kind after the other. Nobody
/// adds facts to these people any more, and events that name them otherwise are looked at as they come, so what lies behind the cursor
/// stays clean; a second pass proves it. It is small, for writers of the workspace wait while events are scrubbed.
/// </summary>
sealed class ErasureBatch
{
    static readonly string[] Parts = ["events", "requests", "findings", "runs"];

    const string Take = """
        select workspace_id, job_id, people, status, cursor_time, cursor_id, failures, pseudonym, part,
            names::text, asked_seq, seen_seq
        from erasures
        where workspace_id = $1 and status <> 'done' and again_at <= $2
        order by requested_at
        limit 1
        for update skip locked
        """;

    const string Save = """
        update erasures
        set status = $3, events = $4 + case when $5 then 0 else events end, part = $6, cursor_time = $7, cursor_id = $8, verified_at = $9,
            failures = 0, seen_seq = $10, names = case when $3 <> 'done' then names end
        where workspace_id = $1 and job_id = $2
        """;

    readonly NpgsqlConnection connection;
    readonly int workspace;
    readonly ErasedWhom whom;
    readonly string status;
    readonly string part;
    readonly ErasurePlace from;
    readonly long seen;

    ErasureBatch(NpgsqlConnection connection, NpgsqlDataReader row)
    {
        this.connection = connection;
        workspace = row.GetInt32(0);
        Job = row.GetGuid(1);
        whom = new(
            row.GetFieldValue<int[]>(2), row.GetGuid(7), ErasedNames.OfKept(row.IsDBNull(9) ? null : row.GetString(9)), row.GetInt64(10));
        status = row.GetString(3);
        from = row.IsDBNull(4) ? ErasurePlace.First : new(row.GetDateTime(4), row.GetGuid(5));
        Failures = row.GetInt32(6);
        part = row.GetString(8);
        seen = row.GetInt64(11);
    }

    public Guid Job { get; }

    /// <summary>How often it failed since it last got on.</summary>
    public int Failures { get; }

    /// <summary>The workspace's oldest erasure that is to go on and that no other node works on, held until the transaction ends.</summary>
    public static Task<ErasureBatch?> TakeAsync(
        NpgsqlConnection connection, int workspace, DateTimeOffset now, CancellationToken cancel) =>
        connection.FirstAsync(Take, [workspace, now.UtcDateTime], row => new ErasureBatch(connection, row), cancel);

    /// <summary>Does the step. Where the workspace was deleted meanwhile there is nothing to do: its facts go as they are.</summary>
    public async Task WorkAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var events = new ErasedEvents(connection, workspace, whom);
        var news = await new NewEvents(connection, workspace, events).StepAsync(seen, cancel);
        if (news is null || await StepAsync(events, cancel) is not { } step)
            return;
        var isVerifying = status == "verifying";
        var found = news.Found + (isVerifying ? 0 : step.Found);
        if (!news.IsWhole || (isVerifying && !step.WasClean))
            await SaveAsync("running", news, found, Parts[0], null, null, cancel);
        else if (step.End is not null)
            await SaveAsync(status, news, found, part, step.End, null, cancel);
        else if (part != Parts[^1])
            await SaveAsync(status, news, found, Parts[Array.IndexOf(Parts, part) + 1], null, null, cancel);
        else if (!isVerifying)
            await SaveAsync("verifying", news, found, Parts[0], null, null, cancel);
        else
            await EndAsync(events, news.Last, now, cancel);
    }

    // Facts first, then what was told and kept of them.
    Task<ErasureStep?> StepAsync(ErasedEvents events, CancellationToken cancel) => part switch
    {
        "events" => events.StepAsync(from, cancel),
        "requests" => new ErasedRequests(connection, workspace, whom.People).StepAsync(from, cancel),
        "findings" => new ErasedFindings(connection, workspace, whom.Names).StepAsync(Job, from, cancel),
        _ => new ErasedReports(connection, workspace, whom.Names).StepAsync(from, cancel),
    };

    // Under the lock nobody adds what would have to be looked at after the end.
    async Task EndAsync(ErasedEvents events, long looked, DateTimeOffset now, CancellationToken cancel)
    {
        if (!await events.TryLockAsync(cancel)
            || await new NewEvents(connection, workspace, events).StepAsync(looked, cancel) is not { } rest)
            return;
        if (!rest.IsWhole)
            await SaveAsync("running", rest, rest.Found, Parts[0], null, null, cancel);
        else if (await rest.IsAllAsync(connection, workspace, cancel))
            await SaveAsync("done", rest, rest.Found, Parts[0], null, now, cancel);
        else
            await SaveAsync(status, rest, rest.Found, part, from, null, cancel);
    }

    /// <summary>Keeps how far it is. Whoever starts over counts anew.</summary>
    async Task SaveAsync(
        string next, SeenEvents news, long found, string of, ErasurePlace? cursor, DateTimeOffset? verifiedAt, CancellationToken cancel) =>
        await connection.ExecuteAsync(Save,
        [
            workspace, Job, next, found, status == "verifying" && next == "running", of,
            SqlValue.Of(cursor?.Time), SqlValue.Of(cursor?.Id), SqlValue.Of(verifiedAt?.UtcDateTime), news.Last,
        ], cancel);
}
