using System.Collections.Concurrent;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
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

    /// <summary>Those of the customers that the workspace does not have, asked in one query.</summary>
    public async Task<HashSet<Guid>> UnknownAsync(
        Workspace workspace, IEnumerable<(int Index, Guid Customer)> named, CancellationToken cancel)
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
