namespace Analytics.Storage.Verification;

/// <summary>Where things lead: stored nodes by what they were attached to, raw events by their parents.</summary>
sealed class WaysUp(StoreSnapshot snapshot)
{
    /// <summary>The node at the end of the way up from each of these; null where it goes in circles or is broken.</summary>
    public Task<Dictionary<Guid, Guid?>> OfNodesAsync(IEnumerable<Guid> nodes, CancellationToken cancel) => ClimbAsync(
        nodes,
        async (level, stop) => (await TraceNodeRow.FindAsync(snapshot, level, stop)).ToDictionary(node => node.Id, node => node.Up),
        cancel);

    /// <summary>The root above each of these events, or the hash of the parent that is still pending up there.</summary>
    public async Task<Dictionary<Guid, Guid?>> OfEventsAsync(IEnumerable<Guid> events, CancellationToken cancel)
    {
        return await ClimbAsync(events, StepAsync, cancel);

        async Task<Dictionary<Guid, Guid?>> StepAsync(IReadOnlyCollection<Guid> level, CancellationToken stop)
        {
            var steps = (await snapshot.EventsAsync(level.Where(id => !RawEvent.IsHash(id)), stop))
                .ToDictionary(e => e.Key, e => e.Value.Parent);
            var keys = await snapshot.KeysAsync(level.Where(RawEvent.IsHash), stop);
            foreach (var hash in level.Where(RawEvent.IsHash))
                steps[hash] = keys.TryGetValue(hash, out var id) ? id : null;
            return steps;
        }
    }

    static async Task<Dictionary<Guid, Guid?>> ClimbAsync(
        IEnumerable<Guid> from,
        Func<IReadOnlyCollection<Guid>, CancellationToken, Task<Dictionary<Guid, Guid?>>> step,
        CancellationToken cancel)
    {
        var ups = new Dictionary<Guid, Guid?>();
        var starts = from.Distinct().ToList();
        for (var level = starts; level.Count > 0;)
        {
            var found = await step(level, cancel);
            foreach (var (id, up) in found)
                ups[id] = up;
            level = [.. found.Values.OfType<Guid>().Where(id => !ups.ContainsKey(id)).Distinct()];
        }

        return starts.ToDictionary(start => start, start => Top(start, ups));
    }

    static Guid? Top(Guid start, Dictionary<Guid, Guid?> ups)
    {
        var at = start;
        for (var steps = 0; steps <= ups.Count && ups.TryGetValue(at, out var up); steps++)
        {
            if (up is not { } next)
                return at;
            at = next;
        }

        return null;
    }
}
