using Analytics.Sketches;
using Analytics.Storage.Rollups;
using Analytics.Storage.Shares;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>
/// One transaction for a group of requests: keys, then the workspaces' locks, then events, trees and rollups, one commit. The
/// order is what keeps writers from deadlocking and what makes parents and children meet; see docs/decisions/0002.
/// </summary>
sealed class WriteTransaction(TimeProvider clock, KeyClaims claims, Func<int, WorkspaceNames> namesOf)
{
    const string CopySql = """
        copy events (
            workspace_id, type, timestamp, id, seq, ingested_at, person, parent, tree, external_id, parent_ref, metadata, share)
        from stdin (format binary)
        """;

    readonly CopyBuffer copy = new();
    readonly CommitFacts facts = new();
    readonly CommitSales activity = new();
    readonly ByteWriter packed = new(64 * 1024);
    readonly List<(short Field, Int128 Value)> values = [];

    /// <summary>What was committed for a workspace: how many events, how large their delta is, up to which sequence.</summary>
    public sealed record Committed(int Workspace, int Events, int DeltaBytes, long LastSequence);

    /// <summary>Writes and commits the group. Throws <see cref="RefusedException"/>, and stores nothing, when an event is refused.</summary>
    public async Task<List<Committed>> CommitAsync(NpgsqlConnection connection, IReadOnlyList<WriteRequest> group, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var events = await ClaimAsync(connection, group, cancel);
        var byWorkspace = events.GroupBy(e => e.Request.Workspace.Key).OrderBy(workspace => workspace.Key).ToList();
        var committed = new List<Committed>();
        if (byWorkspace.Count == 0)
            return committed; // nothing but duplicates: there is nothing to commit

        var counters = await WorkspaceCounters.LockAsync(connection, [.. byWorkspace.Select(w => w.Key)], cancel);
        await using var last = new NpgsqlBatch(connection);
        copy.Clear();
        var linked = new List<Linked>();
        foreach (var workspace in byWorkspace)
        {
            if (!counters.TryGetValue(workspace.Key, out var row))
                throw new WorkspaceGoneException();
            linked.Add(await LinkAsync(connection, row, [.. workspace], last, cancel));
        }

        if (group.Any(request => request.Refusals.Count > request.KnownRefusals))
            throw new RefusedException();

        // Whatever is done while Postgres takes the rows costs no time.
        var sending = copy.SendAsync(connection, CopySql, cancel);
        try
        {
            foreach (var workspace in linked)
                committed.Add(Finish(workspace, last));
        }
        finally
        {
            await sending;
        }

        last.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        await last.ExecuteNonQueryAsync(cancel);
        return committed;
    }

    /// <summary>The events that are new; counts the others as duplicates.</summary>
    async Task<List<NewEvent>> ClaimAsync(NpgsqlConnection connection, IReadOnlyList<WriteRequest> group, CancellationToken cancel)
    {
        var events = new List<NewEvent>();
        var keyed = new List<NewEvent>();
        var seen = new HashSet<(int, UInt128)>();
        foreach (var request in group)
            foreach (var incoming in request.Events)
            {
                if (request.IsExcluded(incoming))
                    continue;
                var e = Keyed(request, incoming);
                if (e.HasKey && !seen.Add((request.Workspace.Key, e.Key)))
                {
                    request.Duplicates++;
                    continue;
                }

                events.Add(e);
                if (e.HasKey)
                    keyed.Add(e);
            }

        var taken = await claims.ClaimAsync(connection, keyed, cancel);
        foreach (var e in taken)
            e.Request.Duplicates++;
        if (taken.Count > 0)
            events.RemoveAll(taken.Contains);
        foreach (var e in events)
            e.Request.Inserted++;
        return events;
    }

    static NewEvent Keyed(WriteRequest request, IncomingEvent incoming)
    {
        var secret = request.Workspace.HashKey;
        return new NewEvent(request, incoming)
        {
            Key = incoming.Key.IsEmpty ? default : KeyHash.Of(secret, incoming.KeyKind, incoming.Key.Span),
            ParentKey = incoming.ParentId.IsEmpty ? default : KeyHash.Of(secret, KeyKind.Event, incoming.ParentId.Span),
        };
    }

    /// <summary>A workspace's new events with everything they are linked to; what is left is to add them up.</summary>
    sealed record Linked(WorkspaceCounters Counters, List<NewEvent> Events, TreeJoiner Trees, WorkspaceNames Names, byte[] Activity, DateTime Now);

    async Task<Linked> LinkAsync(
        NpgsqlConnection connection, WorkspaceCounters counters, List<NewEvent> events, NpgsqlBatch last, CancellationToken cancel)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var names = namesOf(counters.Workspace);
        await RegisteredFields.RefreshAsync(connection, names, counters, cancel);
        await TypeNumbers.AssignAsync(connection, names, counters, events, now, cancel);
        await PeopleNumbers.AssignAsync(connection, names, counters, events, cancel);
        var workspace = events[0].Request.Workspace;
        var store = new FragmentStore(connection, counters.Workspace, workspace.HashKey, counters.Fields, names.Fields);
        var trees = new TreeJoiner(store, counters, names.Fields);
        await trees.JoinAsync(events, cancel);
        activity.Clear();
        var ledger = new ShareLedger(new ShareStore(connection, counters.Workspace), counters, workspace.HashKey);
        await ledger.BookAsync(events, activity, cancel);

        foreach (var e in events)
        {
            e.Sequence = ++counters.Sequence;
            AddRow(e, now);
        }

        foreach (var command in trees.Save().Concat(ledger.Save()).Concat(activity.Doubts(counters.Workspace, counters.Sequence)))
            last.BatchCommands.Add(command);
        return new Linked(counters, events, trees, names, activity.IsEmpty ? [] : activity.Pack(packed), now);
    }

    Committed Finish(Linked workspace, NpgsqlBatch last)
    {
        var (counters, events, trees, names, booked, now) = workspace;
        if (!names.HasCost && events.Exists(e => e.Incoming.Fields.Cost is not null))
        {
            last.BatchCommands.Add(NoteCost(counters.Workspace));
            names.HasCost = true;
        }

        var delta = new StoredDelta(Facts(events, trees, names, out var count), booked);
        last.BatchCommands.Add(counters.Save());
        last.BatchCommands.Add(CommitRow.Add(counters, events, now));
        last.BatchCommands.Add(AddDelta(counters, delta, count));
        return new Committed(counters.Workspace, events.Count, delta.Length, counters.Sequence);
    }

    byte[] Facts(List<NewEvent> events, TreeJoiner trees, WorkspaceNames names, out int count)
    {
        facts.Clear();
        foreach (var e in events)
        {
            var (person, timestamp, type) = (e.Person, e.Incoming.Timestamp, e.Type);
            facts.AddEvent(person, timestamp, type, e.Incoming.Fields.Cost ?? 0, isRoot: !e.HasParent);
            if (e.HasParent || trees.OfEvent.ContainsKey(e.Id))
                continue;
            values.Clear();
            EventValues.Of(e.Incoming, names.Fields, values);
            foreach (var (field, value) in values)
                facts.AddValue(person, timestamp, type, field, value, 1);
        }

        foreach (var root in trees.GrownRoots)
            foreach (var field in root.Sums.Keys)
            {
                var (before, after) = (root.Counted?.GetValueOrDefault(field) ?? 0, root.Sums[field]);
                if (before == after)
                    continue;
                facts.AddValue(root.Person, root.Timestamp, root.Type, field, before, -1);
                facts.AddValue(root.Person, root.Timestamp, root.Type, field, after, 1);
            }

        return facts.Pack(packed, out count);
    }

    void AddRow(NewEvent e, DateTime now)
    {
        var incoming = e.Incoming;
        copy.StartRow(13);
        copy.Int32(e.Request.Workspace.Key);
        copy.Int32(e.Type);
        copy.Timestamp(incoming.Timestamp);
        copy.Uuid(e.Id);
        copy.Int64(e.Sequence);
        copy.Timestamp((now.Ticks - DateTime.UnixEpoch.Ticks) / 10);
        if (e.Person == 0)
            copy.Null();
        else
            copy.Int32(e.Person);
        UuidOrNull(e.Parent);
        UuidOrNull(e.Tree);
        copy.BytesOrNull(incoming.ExternalId.Span);
        copy.BytesOrNull(incoming.ParentId.Span);
        copy.JsonOrNull(incoming.Metadata.Span);
        if (e.Share == 0)
            copy.Null();
        else
            copy.Int32(e.Share);
    }

    void UuidOrNull(Guid? value)
    {
        if (value is { } given)
            copy.Uuid(given);
        else
            copy.Null();
    }

    // From its first cost on a workspace's currency is fixed.
    static NpgsqlBatchCommand NoteCost(int workspace) =>
        new("update workspaces set cost_stored = true where workspace_id = $1 and not cost_stored")
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = workspace } },
        };

    static NpgsqlBatchCommand AddDelta(WorkspaceCounters counters, StoredDelta delta, int count) => new("""
        insert into rollup_deltas (workspace_id, seq, facts, data, activity)
        values ($1, $2, $3, $4, nullif($5, ''))
        """)
    {
        Parameters =
        {
            new NpgsqlParameter<int> { TypedValue = counters.Workspace },
            new NpgsqlParameter<long> { TypedValue = counters.Sequence },
            new NpgsqlParameter<int> { TypedValue = count },
            new NpgsqlParameter<byte[]> { TypedValue = delta.Facts },
            new NpgsqlParameter<byte[]> { TypedValue = delta.Activity },
        },
    };
}

/// <summary>An event of the group was refused; the requests' refusals say which.</summary>
sealed class RefusedException : Exception;

/// <summary>The workspace was deleted while the write was under way.</summary>
sealed class WorkspaceGoneException : Exception;
