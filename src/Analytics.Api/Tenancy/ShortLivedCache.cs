using System.Collections.Concurrent;

namespace Analytics.Tenancy;

/// <summary>
/// Remembers answers of the store for two seconds, so that a change made on any node holds everywhere within five.
/// Bounded: strangers trying keys cannot fill the memory.
/// </summary>
sealed class ShortLivedCache<TKey, TValue>(TimeProvider time, Func<TKey, Task<TValue>> load) where TKey : notnull
{
    const int MaxEntries = 50_000;
    static readonly TimeSpan Life = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<TKey, Entry> entries = new();

    public Task<TValue> GetAsync(TKey key)
    {
        if (entries.TryGetValue(key, out var entry) && IsFresh(entry))
            return entry.Value.Value;

        if (entries.Count >= MaxEntries)
            entries.Clear();
        // The clock starts before the load: an answer is never older than its life says. Who comes meanwhile waits without a thread, so
        // nothing is loaded under the lock.
        var made = new Entry(time.GetTimestamp(), new Lazy<Task<TValue>>(() => Task.Run(() => load(key))));
        if (entry is null ? entries.TryAdd(key, made) : entries.TryUpdate(key, made, entry))
            return made.Value.Value;
        return entries.TryGetValue(key, out var others) && IsFresh(others) ? others.Value.Value : made.Value.Value;
    }

    /// <summary>Forgets everything: called after each change made here, so that it holds in this process at once.</summary>
    public void Clear() => entries.Clear();

    bool IsFresh(Entry entry) =>
        time.GetElapsedTime(entry.Since) < Life && !(entry.Value.IsValueCreated && entry.Value.Value.IsFaulted);

    sealed record Entry(long Since, Lazy<Task<TValue>> Value);
}
