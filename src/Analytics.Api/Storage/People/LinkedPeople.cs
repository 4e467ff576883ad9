using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Analytics.Sketches;
using Npgsql;

namespace Analytics.Storage.People;

/// <summary>
/// The people of a workspace who have two numbers, one by which events name their customer and one for its external id, so that
/// those who are in a set with both are counted once. Every customer that is registered and has events is one of them, so they
/// are kept in memory, and what has come since is added.
/// </summary>
sealed class LinkedPeople
{
    const int MaxPairs = 2_000_000;

    // The order says by which index: the one that holds nobody else.
    const string PairsSql = """
        select person, same_as
        from people
        where workspace_id = $1
          and same_as is not null
          and (person > $2 or same_as > $2)
        order by person
        """;

    // By store: several may be open in one process.
    static readonly ConditionalWeakTable<NpgsqlDataSource, ConcurrentDictionary<int, LinkedPeople>> Known = [];

    readonly Dictionary<int, int> others;
    readonly PersonSet customers;
    readonly (int Version, int People) asOf;

    LinkedPeople(Dictionary<int, int> others, PersonSet customers, (int Version, int People) asOf) =>
        (this.others, this.customers, this.asOf) = (others, customers, asOf);

    /// <summary>As of a snapshot, whose workspace has this many people and has changed their ids this often.</summary>
    public static async Task<LinkedPeople> ReadAsync(
        NpgsqlDataSource store, NpgsqlConnection snapshot, int workspace, (int Version, int People) now, CancellationToken cancel)
    {
        var all = Known.GetValue(store, _ => new());
        if (all.TryGetValue(workspace, out var known) && known.asOf == now)
            return known;
        // Numbers only grow, so a pair that is new has a new number in it, unless ids were changed.
        var older = known is not null && known.asOf.Version == now.Version && known.asOf.People < now.People ? known : null;
        var pairs = await snapshot.QueryAsync(
            PairsSql, [workspace, older?.asOf.People ?? 0], row => (Person: row.GetInt32(0), Customer: row.GetInt32(1)), cancel);
        var read = pairs.Count == 0 && older is not null ? new LinkedPeople(older.others, older.customers, now) : With(older, pairs, now);
        if (all.Values.Sum(linked => 100 + linked.others.Count) > MaxPairs)
            all.Clear();
        // An older snapshot may get here last; then the next reader reads again.
        return all[workspace] = read;
    }

    /// <summary>How many people the numbers of a set are.</summary>
    public int CountOf(PersonSet? people) => people is null ? 0
        : people.Count - (others.Count == 0 ? 0 : people.CountCommon(customers, customer => people.Contains(others[customer])));

    /// <summary>The number that stands for a person who has two; of everybody else the only one.</summary>
    public int MainOf(int person) => others.GetValueOrDefault(person, person);

    static LinkedPeople With(LinkedPeople? older, List<(int Person, int Customer)> pairs, (int Version, int People) now)
    {
        var all = older is null ? [] : new Dictionary<int, int>(older.others);
        foreach (var (person, customer) in pairs)
            all[customer] = person;
        var numbers = new PersonSet();
        foreach (var customer in all.Keys)
            numbers.Add(customer);
        return new LinkedPeople(all, numbers, now);
    }
}
