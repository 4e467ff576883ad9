using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// One step of an erasure: the next part of the workspace's facts, those of the erased person scrubbed, one kind after the other. Nobody
/// else changes facts that are there, so what lies behind the cursor stays clean; a second pass proves it. It is small, for writers of the
/// workspace wait while events are scrubbed.
/// </summary>
sealed class ErasureBatch
{
    const int Lock = 0x65726173;

    static readonly string[] Parts = ["events", "requests", "findings", "runs"];

    const string Take = """
        select workspace_id, job_id, status, part, cursor_time, cursor_id, failures, people, pseudonym, names::text, asked_seq, asked_time
        from erasures
        where workspace_id = $1 and status <> 'done' and again_at <= $2
        order by requested_at
        limit 1
        """;

    const string Save = """
        update erasures
        set status = $3, events = $4 + case when $5 then 0 else events end, part = $6, cursor_time = $7, cursor_id = $8, verified_at = $9,
            failures = 0, names = case when $3 <> 'done' then names end
        where workspace_id = $1 and job_id = $2
        """;

    readonly NpgsqlConnection connection;
    readonly int workspace;
    readonly ErasedWhom whom;
    readonly string status;
    readonly string part;
    readonly ErasurePlace from;

    ErasureBatch(NpgsqlConnection connection, NpgsqlDataReader row)
    {
        this.connection = connection;
        workspace = row.GetInt32(0);
        Job = row.GetGuid(1);
        status = row.GetString(2);
        part = row.GetString(3);
        from = row.IsDBNull(4) ? ErasurePlace.First : new(row.GetDateTime(4), row.GetGuid(5));
        Failures = row.GetInt32(6);
        whom = new(
            row.GetFieldValue<int[]>(7), row.GetGuid(8), ErasedNames.OfKept(row.IsDBNull(9) ? null : row.GetString(9)), row.GetInt64(10),
            row.GetDateTime(11));
    }

    public Guid Job { get; }

    /// <summary>How often it failed since it last got on.</summary>
    public int Failures { get; }

    /// <summary>
    /// The workspace's oldest erasure that is to go on; no other of the workspace is worked on until the transaction ends. Null while
    /// another node is at one: an event may name several people, and who scrubs it has to know what it says by now.
    /// </summary>
    public static async Task<ErasureBatch?> TakeAsync(
        NpgsqlConnection connection, int workspace, DateTimeOffset now, CancellationToken cancel) =>
        await connection.ScalarAsync<bool>("select pg_try_advisory_xact_lock($2, $1)", [workspace, Lock], cancel)
            ? await connection.FirstAsync(Take, [workspace, now.UtcDateTime], row => new ErasureBatch(connection, row), cancel)
            : null;

    /// <summary>Does the step. Where the workspace was deleted meanwhile there is nothing to do: its facts go as they are.</summary>
    public async Task WorkAsync(DateTimeOffset now, CancellationToken cancel)
    {
        if (await StepAsync(cancel) is not { } step)
            return;
        var isVerifying = status == "verifying";
        var found = isVerifying ? 0 : step.Found;
        if (isVerifying && !step.WasClean)
            await SaveAsync("running", found, Parts[0], null, null, cancel);
        else if (step.End is not null)
            await SaveAsync(status, found, part, step.End, null, cancel);
        else if (part != Parts[^1])
            await SaveAsync(status, found, Parts[Array.IndexOf(Parts, part) + 1], null, null, cancel);
        else if (!isVerifying)
            await SaveAsync("verifying", found, Parts[0], null, null, cancel);
        else
            await SaveAsync("done", found, Parts[0], null, now, cancel);
    }

    // Facts first, then what was told and kept of them.
    Task<ErasureStep?> StepAsync(CancellationToken cancel) => part switch
    {
        "events" => new ErasedEvents(connection, workspace, whom).StepAsync(from, cancel),
        "requests" => new ErasedRequests(connection, workspace, whom).StepAsync(from, cancel),
        "findings" => new ErasedFindings(connection, workspace, whom.Names).StepAsync(Job, from, cancel),
        _ => new ErasedReports(connection, workspace, whom.Names).StepAsync(from, cancel),
    };

    /// <summary>Keeps how far it is. Whoever starts over counts anew.</summary>
    async Task SaveAsync(
        string next, int found, string of, ErasurePlace? cursor, DateTimeOffset? verifiedAt, CancellationToken cancel) =>
        await connection.ExecuteAsync(Save,
        [
            workspace, Job, next, (long)found, status == "verifying" && next == "running", of,
            SqlValue.Of(cursor?.Time), SqlValue.Of(cursor?.Id), SqlValue.Of(verifiedAt?.UtcDateTime),
        ], cancel);
}
