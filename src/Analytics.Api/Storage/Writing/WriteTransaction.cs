using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>
/// One transaction for a group of requests: keys, then the workspaces' locks, then what each kind of facts stores, one commit. The
/// order is what keeps writers from deadlocking and what makes parents and children meet; see docs/decisions/0002.
/// </summary>
sealed class WriteTransaction(TimeProvider clock, KeyClaims claims, Func<int, WorkspaceNames> namesOf, IReadOnlyList<KindWriter> writers)
{
    readonly Dictionary<FactKind, KindWriter> writerOf = writers.ToDictionary(writer => writer.Kind);

    /// <summary>What was committed for a workspace.</summary>
    /// <param name="Workspace">Which one.</param>
    /// <param name="DeltaBytes">How large its deltas are.</param>
    /// <param name="Streamed">Where its streams are; null when there was nothing for them.</param>
    public sealed record Committed(int Workspace, int DeltaBytes, StreamPositions? Streamed);

    /// <summary>Writes and commits the group. When a fact is refused, throws <see cref="RefusedException"/> and stores nothing.</summary>
    public async Task<List<Committed>> CommitAsync(
        NpgsqlConnection connection, IReadOnlyList<WriteRequest> group, CancellationToken cancel)
    {
        foreach (var writer in writers)
            await writer.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var last = new NpgsqlBatch(connection);
        var workspaces = await BeginAsync(connection, group, last, cancel);
        if (workspaces.Count == 0)
            return []; // nothing but duplicates: there is nothing to commit

        // Whose rights ended while it waited for the lock does not write any more.
        if (group.Any(request => request.IsAbandoned))
            throw new AbandonedException();
        foreach (var workspace in workspaces)
            foreach (var kind in workspace.Kinds)
                await kind.LinkAsync(workspace, cancel);

        if (group.Any(request => request.Refusals.Count > request.KnownRefusals))
            throw new RefusedException();

        foreach (var writer in writers)
            writer.SaveFew(last);
        // Whatever is done while Postgres takes the rows costs no time.
        var sending = SendAsync(connection, cancel);
        List<Committed> committed;
        try
        {
            committed = [.. workspaces.Select(Finish)];
        }
        finally
        {
            await sending;
        }

        last.BatchCommands.Add(Sql.Statement("commit", []));
        await last.ExecuteNonQueryAsync(cancel);
        return committed;
    }

    /// <summary>Claims the facts' keys and locks their workspaces; gives those that have new facts.</summary>
    async Task<List<WorkspaceWrite>> BeginAsync(
        NpgsqlConnection connection, IReadOnlyList<WriteRequest> group, NpgsqlBatch last, CancellationToken cancel)
    {
        var (facts, keyed) = Gather(group);
        List<WorkspaceWrite>? workspaces = null;
        HashSet<NewFact> taken;
        if (KeyClaims.AreFew(keyed))
            // Mostly no key is taken: so few are claimed in the round trip that takes the locks.
            taken = await LockAsync(connection, workspaces = Begin(facts, connection, last), keyed, cancel);
        else
            taken = await claims.ClaimAsync(connection, keyed, cancel);
        if (workspaces is null || taken.Count > 0)
        {
            facts.RemoveAll(taken.Contains);
            await LockAsync(connection, workspaces = Begin(facts, connection, last), [], cancel);
        }

        foreach (var fact in taken)
            fact.Request.Duplicates++;
        foreach (var fact in facts)
            fact.Request.Inserted++;
        foreach (var writer in writers)
            writer.Start(facts.Count(fact => fact.Fact.Kind == writer.Kind));
        return workspaces;
    }

    /// <summary>The group's facts, each key's first one only, and those of them that have keys.</summary>
    (List<NewFact> Facts, List<NewFact> Keyed) Gather(IReadOnlyList<WriteRequest> group)
    {
        var (facts, keyed, seen) = (new List<NewFact>(), new List<NewFact>(), new HashSet<(int, UInt128)>());
        foreach (var request in group)
            foreach (var incoming in request.Facts.Where(fact => !request.IsExcluded(fact)))
            {
                var fact = writerOf[incoming.Kind].New(request, incoming);
                if (fact.HasKey && !seen.Add((request.Workspace.Key, fact.Key)))
                {
                    request.Duplicates++;
                    continue;
                }

                facts.Add(fact);
                if (fact.HasKey)
                    keyed.Add(fact);
            }

        return (facts, keyed);
    }

    List<WorkspaceWrite> Begin(List<NewFact> facts, NpgsqlConnection connection, NpgsqlBatch last) =>
    [
        .. facts.GroupBy(fact => fact.Request.Workspace.Key).OrderBy(workspace => workspace.Key)
            .Select(workspace => BeginOne([.. workspace], connection, last)),
    ];

    WorkspaceWrite BeginOne(List<NewFact> facts, NpgsqlConnection connection, NpgsqlBatch last)
    {
        var workspace = facts[0].Request.Workspace;
        var kinds = facts.GroupBy(fact => fact.Fact.Kind).ToDictionary(kind => kind.Key, kind => kind.ToList());
        return new WorkspaceWrite(workspace, connection, namesOf(workspace.Key), last, clock.GetUtcNow().UtcDateTime)
        {
            Kinds =
            [
                .. from writer in writers
                   where kinds.ContainsKey(writer.Kind)
                   select writer.Begin(workspace, kinds[writer.Kind]),
            ],
        };
    }

    /// <summary>
    /// Claims keys, takes the workspaces' locks, and reads what the facts are to be linked with, in one round trip. Gives the facts whose
    /// keys were taken before: without them the workspaces are to begin and to ask anew.
    /// </summary>
    async Task<HashSet<NewFact>> LockAsync(
        NpgsqlConnection connection, List<WorkspaceWrite> workspaces, List<NewFact> keyed, CancellationToken cancel)
    {
        if (workspaces.Count == 0)
            return [];
        await using var first = new NpgsqlBatch(connection);
        if (keyed.Count > 0)
            first.BatchCommands.Add(KeyClaims.Claim(keyed));
        // Nobody waits for another workspace's lock: then each is tried alone.
        if (workspaces.Count > 1)
            first.BatchCommands.Add(Sql.Statement("set local lock_timeout = '50ms'", []));
        first.BatchCommands.Add(WorkspaceCounters.Lock([.. workspaces.Select(one => one.Workspace.Key)]));
        foreach (var question in workspaces.SelectMany(one => one.Kinds).SelectMany(kind => kind.Questions()))
            first.BatchCommands.Add(question);
        await using var reader = await first.ExecuteReaderAsync(cancel);
        if (keyed.Count > 0)
        {
            var taken = await claims.TakenAsync(reader, keyed, cancel);
            var isMore = await reader.NextResultAsync(cancel);
            if (taken.Count > 0)
            {
                // Read to the end: a lock that was not granted is told there.
                while (isMore)
                    isMore = await reader.NextResultAsync(cancel);
                return taken;
            }
        }

        var counters = await WorkspaceCounters.ReadAsync(reader, cancel);
        foreach (var one in workspaces)
        {
            one.Counters = counters.GetValueOrDefault(one.Workspace.Key) ?? throw new WorkspaceGoneException();
            foreach (var kind in one.Kinds)
                await kind.ReadAsync(reader, cancel);
        }

        return [];
    }

    async Task SendAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        foreach (var writer in writers)
            await writer.SendManyAsync(connection, cancel);
    }

    static Committed Finish(WorkspaceWrite workspace)
    {
        var counters = workspace.Counters;
        var deltas = workspace.Kinds.SelectMany(kind => kind.Finish(workspace)).Where(delta => delta.Facts > 0).ToList();
        workspace.Save(counters.Save());
        foreach (var delta in deltas)
            workspace.Save(delta.Save(counters));
        return new Committed(
            workspace.Workspace.Key, deltas.Sum(delta => delta.Data.Length),
            counters.Log > counters.LoggedUpTo ? new StreamPositions(counters.Sequence, counters.Log) : null);
    }
}

/// <summary>A fact of the group was refused; the requests' refusals say which.</summary>
sealed class RefusedException : Exception;

/// <summary>A request of the group was given up before anything was written.</summary>
sealed class AbandonedException : Exception;

/// <summary>The workspace was deleted while the write was under way.</summary>
sealed class WorkspaceGoneException : Exception;
