using System.Collections.Concurrent;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Features.Ingestion;

/// <summary>
/// Which customers of a workspace exist. Those found are remembered for a few seconds, those not found never: a client
/// that makes a customer and posts its first event must not be told that there is none.
/// </summary>
sealed class KnownCustomers(NpgsqlDataSource database, TimeProvider time)
{
    const int Most = 100_000;
    static readonly TimeSpan Life = TimeSpan.FromSeconds(3);

    readonly ConcurrentDictionary<(int Workspace, Guid Customer), long> seen = new();

    /// <summary>Refuses facts of customers that the workspace does not have, but for those that are stored already.</summary>
    public async Task RefuseUnknownAsync(Workspace workspace, Batch batch, CancellationToken cancel)
    {
        var unknown = await UnknownAsync(workspace, batch.Customers, cancel);
        if (unknown.Count == 0)
            return;
        var strangers = batch.Customers.Where(named => unknown.Contains(named.Customer)).Select(named => named.Index).ToHashSet();
        strangers.ExceptWith(await DuplicatesAsync(workspace, batch.Facts, strangers, cancel));
        foreach (var (index, _) in batch.Customers.Where(named => strangers.Contains(named.Index)))
            batch.Findings.Add(index, "/customer_id", Codes.UnknownCustomer, "The workspace has no such customer.");
        batch.Facts.RemoveAll(fact => strangers.Contains(fact.Index));
    }

    // A customer that was erased leaves the keys of its facts, so that a retry is told what it was told the first time. Whose commit was
    // under way while the customers were asked for is stored by now, or refused: both go by the workspace's lock.
    async Task<List<int>> DuplicatesAsync(
        Workspace workspace, List<IncomingFact> facts, HashSet<int> strangers, CancellationToken cancel)
    {
        var keyed = facts.Where(fact => !fact.Key.IsEmpty).Select(fact => (fact.Index, fact.KeyKind, Key: NewFact.KeyOf(workspace, fact)))
            .ToList();
        var named = keyed.FindAll(fact => strangers.Contains(fact.Index));
        if (named.Count == 0)
            return [];
        var taken = await KeyClaims.TakenAsync(
            database, workspace.Key, named[0].KeyKind, named.Select(fact => fact.Key).Distinct(), cancel);
        var duplicates = new List<int>();
        foreach (var (index, _, key) in keyed)
            if (!strangers.Contains(index))
                taken.Add(key); // of the same request; what comes behind it is a duplicate
            else if (taken.Contains(key))
                duplicates.Add(index);
        return duplicates;
    }

    /// <summary>Those of the customers that the workspace does not have, asked in one query.</summary>
    async Task<HashSet<Guid>> UnknownAsync(
        Workspace workspace, List<(int Index, Guid Customer)> named, CancellationToken cancel)
    {
        var asked = time.GetTimestamp();
        var unknown = named.Select(name => name.Customer).Where(id => !IsKnown(workspace, id)).ToHashSet();
        if (unknown.Count == 0)
            return unknown;

        await database.EachAsync(PeopleNumbers.ExistSql, [workspace.Key, unknown.ToArray()], row =>
        {
            unknown.Remove(row.GetGuid(0));
            Remember(workspace, row.GetGuid(0), asked);
        }, cancel);
        return unknown;
    }

    bool IsKnown(Workspace workspace, Guid id) =>
        seen.TryGetValue((workspace.Key, id), out var since) && time.GetElapsedTime(since) < Life;

    void Remember(Workspace workspace, Guid id, long asked)
    {
        if (seen.Count >= Most)
            seen.Clear();
        seen[(workspace.Key, id)] = asked;
    }
}
