using Analytics.Sharing;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Sharing;

public sealed class SharesTests
{
    static readonly Guid One = Guid.NewGuid(), Two = Guid.NewGuid(), Three = Guid.NewGuid();
    readonly FakeTimeProvider clock = new();

    [Fact]
    public void Alone_a_tenant_may_hold_all_but_a_quarter()
    {
        var shares = Of(100);
        Assert.True(shares.TryTake(One, 75));
        Assert.False(shares.TryTake(One, 1));
        Assert.True(shares.TryTake(Two, 25));
    }

    [Fact]
    public void While_others_want_some_a_tenant_may_hold_a_quarter()
    {
        var shares = Of(100);
        Assert.True(shares.TryTake(Two, 1));
        Assert.True(shares.TryTake(One, 25));
        Assert.False(shares.TryTake(One, 1));
        shares.GiveBack(Two, 1);
        Assert.False(shares.TryTake(One, 1)); // who wanted some a moment ago will again
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(shares.TryTake(One, 50));
    }

    [Fact]
    public async Task Who_waits_is_served_tenant_after_tenant_as_far_as_each_may_hold()
    {
        var shares = Of(4);
        Assert.True(shares.TryTake(One, 3));
        Assert.True(shares.TryTake(Three, 1));
        var (first, second, other) = (shares.TakeAsync(One, 1, default), shares.TakeAsync(One, 1, default), shares.TakeAsync(Two, 1, default));

        shares.GiveBack(One, 1);
        await other;
        shares.GiveBack(One, 1);
        Assert.False(first.IsCompleted, "One holds its quarter.");
        shares.GiveBack(One, 1);
        await first;
        Assert.False(second.IsCompleted);
        shares.GiveBack(One, 1);
        await second;
        Assert.Equal(3, shares.Held);
    }

    [Fact]
    public async Task Who_gives_up_stands_in_nobodys_way()
    {
        var shares = Of(4);
        Assert.True(shares.TryTake(One, 2));
        using var patience = new CancellationTokenSource();
        var (large, small) = (shares.TakeAsync(One, 2, patience.Token), shares.TakeAsync(One, 1, default));
        Assert.False(small.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
        await small;
        Assert.Equal(3, shares.Held);
    }

    [Fact]
    public async Task Only_so_many_of_one_tenant_wait_and_others_still_can()
    {
        var shares = Of(1);
        Assert.True(shares.TryTake(Two, 1));
        var waiting = Enumerable.Range(0, 64).Select(_ => shares.TakeAsync(One, 1, default)).ToList();
        await Assert.ThrowsAsync<NoRoomException>(() => shares.TakeAsync(One, 1, default));
        Assert.False(await shares.TryTakeAsync(One, 1, default));
        var other = shares.TakeAsync(Two, 1, default);

        shares.GiveBack(Two, 1);
        await waiting[0];
        shares.GiveBack(One, 1);
        await other;
    }

    Shares Of(long most) => new("things", most, clock);
}
