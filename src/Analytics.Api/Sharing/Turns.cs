namespace Analytics.Sharing;

/// <summary>Places for so many at once, which tenants take in turn.</summary>
sealed class Turns(string what, int places, TimeProvider clock, int maxWaiting = Shares.UsuallyWaiting)
{
    readonly Shares shares = new(what, places, clock, maxWaiting);

    /// <summary>Waits for a place, which is taken until the turn is disposed. <see cref="NoRoomException"/> when too many wait.</summary>
    public async ValueTask<Turn> TakeAsync(Guid tenant, CancellationToken cancel) => await TryTakeAsync(tenant, cancel) ?? throw Refusal;

    /// <summary>The same for what is refused by the thousand: null when too many wait.</summary>
    public async ValueTask<Turn?> TryTakeAsync(Guid tenant, CancellationToken cancel) =>
        await shares.TryTakeAsync(tenant, 1, cancel) ? new Turn(shares, tenant) : null;

    /// <summary>What is said to whom there is no place for.</summary>
    public NoRoomException Refusal => shares.Refusal;

    /// <summary>Takes a place when there is one right now; null when not. Who has one already takes another so.</summary>
    public Turn? TryTake(Guid tenant) => shares.TryTake(tenant, 1) ? new Turn(shares, tenant) : null;
}

/// <summary>A place that is taken.</summary>
readonly struct Turn(Shares? places, Guid tenant) : IDisposable
{
    public void Dispose() => places?.GiveBack(tenant, 1);
}
