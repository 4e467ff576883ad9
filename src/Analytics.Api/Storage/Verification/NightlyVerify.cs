using Microsoft.Extensions.Options;
using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>
/// Recounts every workspace once a night, one after the other, and keeps what that came to. One node does it: who has the lock, which ends
/// with the node; another one then goes on with the workspaces that are left. It rests for most of the time, for it is in no hurry and
/// writers are.
/// </summary>
sealed partial class NightlyVerify(
    NpgsqlDataSource store, IOptions<VerifyOptions> options, StoreReadiness readiness, TimeProvider clock, ILogger<NightlyVerify> log)
    : RepeatedJob(readiness, clock, log)
{
    const int Lock = 0x76657269;

    /// <summary>For so many times as long as it worked it rests.</summary>
    const int Rests = 4;
    const int DifferencesInLog = 5;

    // Held for as long as the work takes. Between statements such a transaction has no snapshot: it holds no vacuum back.
    const string LockSql = "select pg_try_advisory_xact_lock($1)";
    const string PatienceSql = "set local idle_in_transaction_session_timeout = 0";

    const string DueSql = """
        select w.workspace_id, w.id
        from workspace_seq
        join workspaces w using (workspace_id)
        left join verifications v using (workspace_id)
        where w.created_at < $1
          and coalesce(v.checked_at < $1, true)
        order by v.checked_at nulls first, w.workspace_id
        """;

    readonly HashSet<int> interrupted = [];
    DateTimeOffset done = DateTimeOffset.MinValue;

    protected override string Work => "Verifying the night's workspaces";

    protected override TimeSpan Pause => TimeSpan.FromMinutes(1);

    protected override Task WorkAsync(CancellationToken cancel) => RunAsync(cancel);

    /// <summary>Verifies what was not yet since the last night began, unless another node does.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (options.Value.LastNight(Clock.GetUtcNow()) is not { } night || night <= done)
            return;
        await using var guard = await store.OpenConnectionAsync(cancel);
        await using var transaction = await guard.BeginTransactionAsync(cancel);
        if (!await guard.ScalarAsync<bool>(LockSql, [(long)Lock], cancel))
            return; // another node verifies
        await guard.ExecuteAsync(PatienceSql, [], cancel);
        var due = await store.QueryAsync(
            DueSql, [night.UtcDateTime], row => (Key: row.GetInt32(0), Id: row.GetGuid(1)), cancel);
        foreach (var (key, id) in due.OrderBy(workspace => interrupted.Contains(workspace.Key)))
            await TryVerifyAsync(key, id, cancel);
        done = night;
        interrupted.Clear();
    }

    // One that fails, or that the store went away at, holds up nobody else's.
    async Task TryVerifyAsync(int key, Guid id, CancellationToken cancel)
    {
        try
        {
            interrupted.Add(key);
            await VerifyAsync(key, id, cancel);
            interrupted.Remove(key);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested && !StoreAway.Is(failure))
        {
            Failures.Failed(failure, $"Verifying workspace {id}", "it is tried again the next night");
        }
    }

    async Task VerifyAsync(int key, Guid id, CancellationToken cancel)
    {
        var differences = new DifferenceLog();
        var since = Clock.GetTimestamp();
        var verified = await new Verifier(store, key, differences) { Rest = RestAsync }.RunAsync(cancel);
        await verified.SaveAsync(store, key, Clock.GetStoreNow(), cancel);
        if (verified.Differences > 0)
            Differs(id, verified.Differences, string.Join("; ", differences.Shown.Take(DifferencesInLog)));

        async Task RestAsync(CancellationToken stop)
        {
            await Task.Delay(Clock.GetElapsedTime(since) * Rests, Clock, stop);
            since = Clock.GetTimestamp();
        }
    }

    [LoggerMessage(LogLevel.Error, "The rollups of workspace {Workspace} differ from its raw facts in {Differences} places: {First}")]
    partial void Differs(Guid workspace, long differences, string first);
}
