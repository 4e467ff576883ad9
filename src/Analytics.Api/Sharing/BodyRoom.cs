namespace Analytics.Sharing;

/// <summary>
/// The memory that requests' bodies take while they come and are worked on, shared by all tenants. A body has a minute to be complete;
/// one that stands still gives way when another one wants its room.
/// </summary>
sealed class BodyRoom(TimeProvider clock, long most = BodyRoom.Most)
{
    // A quarter of it holds the largest body.
    public const long Most = 64 << 20;

    /// <summary>How long a body may take to come.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    readonly Shares bytes = new("bodies", most, clock);
    readonly Lock guard = new();
    readonly HashSet<BodyLease> coming = [];

    public long Held => bytes.Held;

    /// <summary>What bodies are read into.</summary>
    public BodyBuffers Buffers { get; } = new(most / 4);

    public TimeProvider Clock => clock;

    /// <summary>A body that begins to come; it is on its way until the lease is disposed.</summary>
    public BodyLease Open(Guid tenant, CancellationToken gone)
    {
        var lease = new BodyLease(this, tenant, gone);
        lock (guard)
            coming.Add(lease);
        return lease;
    }

    internal void Close(BodyLease lease)
    {
        lock (guard)
            coming.Remove(lease);
    }

    /// <summary>
    /// Takes room for bytes that have come. Where there is none it waits for its turn, and bodies that stand still give way; after a
    /// second <see cref="NoRoomException"/>.
    /// </summary>
    public ValueTask TakeAsync(Guid tenant, long amount, CancellationToken cancel) =>
        bytes.TryTake(tenant, amount) ? default : new(WaitAsync(tenant, amount, cancel));

    public void GiveBack(Guid tenant, long amount) => bytes.GiveBack(tenant, amount);

    async Task WaitAsync(Guid tenant, long amount, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            var turn = bytes.TakeAsync(tenant, amount, either.Token);
            do
                MakeWay(tenant);
            while (await Task.WhenAny(turn, Task.Delay(Glance, clock, CancellationToken.None)) != turn);
            await turn;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new NoRoomException("bodies");
        }
    }

    /// <summary>
    /// Ends the body that stands still the longest, of the tenant that waits or of one that holds more than its share; the next one when
    /// that one has ended.
    /// </summary>
    void MakeWay(Guid tenant)
    {
        BodyLease[] all;
        lock (guard)
            all = [.. coming];
        if (Array.Exists(all, lease => lease.HasGivenWay))
            return;
        all.Where(lease => lease.StillSince is not null)
            .Where(lease => lease.Tenant == tenant || bytes.IsOver(lease.Tenant))
            .MinBy(lease => lease.StillSince)?.GiveWay();
    }
}
