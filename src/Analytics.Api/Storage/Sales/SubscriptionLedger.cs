using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Sales;

/// <summary>
/// Whose the subscriptions are that a group's events name, before the group and now. Runs under the workspace's lock.
/// </summary>
sealed class SubscriptionLedger(SubscriptionStore store)
{
    readonly Dictionary<Guid, (Subscriber? Before, Subscriber? Now)> known = [];

    /// <summary>The subscriptions that turn out to be another customer's.</summary>
    public IReadOnlyList<Guid> Moved =>
        [.. known.Where(one => one.Value.Before?.Person != one.Value.Now?.Person).Select(one => one.Key)];

    /// <summary>The customers before the group; 0 for nobody.</summary>
    public int PersonBefore(Guid key) => key == Guid.Empty ? 0 : known[key].Before?.Person ?? 0;

    public int PersonNow(Guid key) => key == Guid.Empty ? 0 : known[key].Now?.Person ?? 0;

    /// <summary>Sees to it that these are known; empty keys need not be.</summary>
    public async Task LoadAsync(IEnumerable<Guid> keys, CancellationToken cancel)
    {
        var wanted = keys.Where(key => key != Guid.Empty && !known.ContainsKey(key)).ToHashSet();
        if (wanted.Count == 0)
            return;
        foreach (var key in wanted)
            known.Add(key, (null, null));
        foreach (var (key, subscriber) in await store.FindAsync(wanted, cancel))
            known[key] = (subscriber, subscriber);
    }

    /// <summary>Takes what an event says of its subscription's customer.</summary>
    public void Apply(NewEvent e)
    {
        if (e.Subscription == Guid.Empty || e.Person == 0)
            return;
        var (before, now) = known[e.Subscription];
        var moment = new Moment(e.Incoming.Timestamp, e.Id);
        if (!(now?.Moment <= moment))
            known[e.Subscription] = (before, new(moment, e.Person));
    }

    /// <summary>The statement that saves what changed.</summary>
    public IEnumerable<NpgsqlBatchCommand> Save()
    {
        var changed = known.Where(one => one.Value.Before != one.Value.Now).Select(one => (one.Key, Now: one.Value.Now!)).ToList();
        if (changed.Count > 0)
            yield return store.Save(changed);
    }
}
