namespace Analytics.Sharing;

/// <summary>
/// Something bounded that tenants share: bytes, or places. A tenant alone may hold all but a quarter, which is kept for whoever comes;
/// while others want some it may hold a quarter. Who waits is served in turn, tenant after tenant.
/// </summary>
/// <param name="what">What it is, for refusals.</param>
/// <param name="most">How much of it there is.</param>
/// <param name="clock">Says how long ago somebody wanted some.</param>
/// <param name="maxWaiting">How many may wait; a quarter of them of one tenant, a sixteenth while others want some.</param>
sealed class Shares(string what, long most, TimeProvider clock, int maxWaiting = Shares.UsuallyWaiting)
{
    public const int UsuallyWaiting = 1_024;

    // Who comes back every few seconds wants some all the time.
    static readonly TimeSpan Lately = TimeSpan.FromSeconds(10);

    readonly Lock guard = new();
    readonly Dictionary<Guid, long> held = [];
    readonly Dictionary<Guid, LinkedList<Waiter>> waiting = [];
    readonly LinkedList<Guid> turns = [];
    long all;
    int waiters;

    // The last two tenants that wanted some, and when.
    (Guid Tenant, long At)? last;
    (Guid Tenant, long At)? other;

    /// <summary>What a tenant may hold while others want some.</summary>
    public long Share { get; } = Math.Max(1, most / 4);

    public long Held => Volatile.Read(ref all);

    /// <summary>What is said to whom there is no room for.</summary>
    public NoRoomException Refusal => new(what);

    /// <summary>Whether the tenant holds more than it may while others want some.</summary>
    public bool IsOver(Guid tenant)
    {
        lock (guard)
            return held.GetValueOrDefault(tenant) > Share;
    }

    /// <summary>Whether anybody but the tenant wants some, or did of late.</summary>
    public bool DoOthersWant(Guid tenant)
    {
        lock (guard)
            return OthersWant(tenant);
    }

    /// <summary>Takes so much at once; false when the tenant has to wait for it.</summary>
    public bool TryTake(Guid tenant, long amount)
    {
        lock (guard)
        {
            Want(tenant);
            if (waiting.ContainsKey(tenant) || !Fits(tenant, amount))
                return false;
            Take(tenant, amount);
            return true;
        }
    }

    /// <summary>Takes so much when it is the tenant's turn; <see cref="NoRoomException"/> when too many wait already.</summary>
    public async Task TakeAsync(Guid tenant, long amount, CancellationToken cancel)
    {
        if (!await TryTakeAsync(tenant, amount, cancel))
            throw Refusal;
    }

    /// <summary>The same for what is refused by the thousand: false when too many wait already.</summary>
    public Task<bool> TryTakeAsync(Guid tenant, long amount, CancellationToken cancel)
    {
        Waiter? waiter;
        lock (guard)
        {
            if (TryTake(tenant, amount))
                return Task.FromResult(true);
            waiter = Enqueue(tenant, amount);
        }

        return waiter is null ? Task.FromResult(false) : WaitAsync(waiter, cancel);
    }

    public void GiveBack(Guid tenant, long amount)
    {
        lock (guard)
        {
            all -= amount;
            if ((held[tenant] -= amount) == 0)
                held.Remove(tenant);
            while (turns.Count > 0 && ServeAround())
            {
            }
        }
    }

    async Task<bool> WaitAsync(Waiter waiter, CancellationToken cancel)
    {
        await using var gaveUp = cancel.Register(() => GiveUp(waiter, cancel));
        await waiter.Served.Task;
        return true;
    }

    Waiter? Enqueue(Guid tenant, long amount)
    {
        waiting.TryGetValue(tenant, out var mine);
        // One tenant leaves room for others to wait, too. Who waits behind too many is served too late to be glad of it.
        if (waiters >= maxWaiting || mine?.Count >= maxWaiting / (OthersWant(tenant) ? 16 : 4))
            return null;
        if (mine is null)
        {
            waiting.Add(tenant, mine = []);
            turns.AddLast(tenant);
        }

        var waiter = new Waiter(tenant, amount);
        mine.AddLast(waiter);
        waiters++;
        return waiter;
    }

    void GiveUp(Waiter waiter, CancellationToken cancel)
    {
        lock (guard)
        {
            if (!waiter.Served.TrySetCanceled(cancel))
                return; // it was served a moment before
            Leave(waiter);
            // It may have stood in the way of a smaller one.
            ServeAround();
        }
    }

    void Leave(Waiter waiter)
    {
        var mine = waiting[waiter.Tenant];
        mine.Remove(waiter);
        waiters--;
        if (mine.Count > 0)
            return;
        waiting.Remove(waiter.Tenant);
        turns.Remove(waiter.Tenant);
    }

    /// <summary>Serves the first of each tenant, where it fits; false when there was none.</summary>
    bool ServeAround()
    {
        var hasServed = false;
        foreach (var tenant in turns.ToList())
        {
            var first = waiting[tenant].First!.Value;
            if (!Fits(tenant, first.Amount))
                continue;
            // The tenant goes to the end of the line.
            turns.Remove(tenant);
            turns.AddLast(tenant);
            Leave(first);
            Take(tenant, first.Amount);
            first.Served.SetResult();
            hasServed = true;
        }

        return hasServed;
    }

    bool Fits(Guid tenant, long amount)
    {
        var mine = held.GetValueOrDefault(tenant);
        return all + amount <= most && (mine == 0 || mine + amount <= (OthersWant(tenant) ? Share : most - Share));
    }

    bool OthersWant(Guid tenant) => HasOther(held.Count, held.ContainsKey(tenant)) || HasOther(waiting.Count, waiting.ContainsKey(tenant))
        || IsOther(last, tenant) || IsOther(other, tenant);

    bool IsOther((Guid Tenant, long At)? wanted, Guid tenant) =>
        wanted is { } by && by.Tenant != tenant && clock.GetElapsedTime(by.At) < Lately;

    static bool HasOther(int tenants, bool isOneOfThem) => tenants > (isOneOfThem ? 1 : 0);

    void Want(Guid tenant)
    {
        if (last is { } before && before.Tenant != tenant)
            other = before;
        last = (tenant, clock.GetTimestamp());
    }

    void Take(Guid tenant, long amount)
    {
        all += amount;
        held[tenant] = held.GetValueOrDefault(tenant) + amount;
    }

    sealed class Waiter(Guid tenant, long amount)
    {
        public Guid Tenant => tenant;
        public long Amount => amount;
        public TaskCompletionSource Served { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>There is no room for more of something that tenants share. Becomes 429 with Retry-After.</summary>
sealed class NoRoomException(string what) : Exception($"The service has no room for more {what} right now.");
