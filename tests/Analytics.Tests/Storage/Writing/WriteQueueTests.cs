using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Storage.Writing;

/// <summary>In what order requests are taken to be written, and what waits for what.</summary>
public sealed class WriteQueueTests
{
    readonly FakeTimeProvider clock = new();
    readonly HashSet<int> behind = [];
    readonly WriteQueue queue;

    public WriteQueueTests() => queue = new WriteQueue(64 << 20, behind.Contains, clock);

    [Fact]
    public void Small_requests_of_all_workspaces_are_written_together()
    {
        var (a, b, c) = (Added(1), Added(2), Added(1));
        Assert.Equal([a, b, c], queue.Take(WriteLane.Usual));
        Assert.Empty(queue.Take(WriteLane.Usual));
    }

    [Fact]
    public void A_large_request_is_written_with_none_of_another_workspace()
    {
        var (small, large, other) = (Added(1), Added(2, facts: 2_000), Added(3));
        Assert.Equal([small, other], queue.Take(WriteLane.Usual));
        Assert.Equal([large], queue.Take(WriteLane.Usual));
    }

    [Fact]
    public void What_is_slow_and_behind_is_looked_at_again_until_it_has_caught_up()
    {
        var slow = Added(1);
        queue.PutBack(queue.Take(WriteLane.Usual));
        behind.Add(1);
        Assert.Empty(queue.Take(WriteLane.Slow));
        Assert.False(queue.IsEmptyFor(WriteLane.Slow)); // nobody says when it has caught up

        behind.Clear();
        Assert.Equal([slow], queue.Take(WriteLane.Slow));
        Added(1);
        Assert.True(queue.IsEmptyFor(WriteLane.Slow)); // the end of the write is told
    }

    [Fact]
    public void A_workspace_with_many_requests_is_not_served_before_others()
    {
        var many = Enumerable.Range(0, 10).Select(_ => Added(1, facts: 1_000)).ToList();
        var other = Added(2);
        Assert.Equal(many[..3], queue.Take(WriteLane.Usual));
        Assert.Equal([other], queue.Take(WriteLane.Usual));
        Assert.Equal(many[3..6], queue.Take(WriteLane.Usual));
    }

    [Fact]
    public void Help_comes_when_much_waits_or_somebody_waits_for_another_workspaces_write()
    {
        Added(1);
        Assert.Empty(queue.Take(WriteLane.Helping));
        var writing = Assert.Single(queue.Take(WriteLane.Usual));
        var (same, other) = (Added(1), Added(2));
        Assert.Empty(queue.Take(WriteLane.Helping));
        clock.Advance(TimeSpan.FromMilliseconds(15));
        Assert.Equal([other], queue.Take(WriteLane.Helping));
        Assert.Empty(queue.Take(WriteLane.Helping)); // the first workspace is being written
        queue.Done([writing], WriteLane.Usual);
        Assert.Equal([same], queue.Take(WriteLane.Usual));
    }

    [Fact]
    public void A_workspace_has_both_loops_only_while_no_other_writes()
    {
        var (other, first) = (Added(2), Added(1, facts: 2_000));
        Assert.Equal([other], queue.Take(WriteLane.Usual));
        queue.Done([other], WriteLane.Usual);
        Assert.Equal([first], queue.Take(WriteLane.Usual));
        var second = Added(1, facts: 10_000);
        Assert.Empty(queue.Take(WriteLane.Helping));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([second], queue.Take(WriteLane.Helping));
    }

    [Fact]
    public async Task A_workspace_that_is_behind_waits_alone_and_is_refused_after_ten_seconds()
    {
        behind.Add(1);
        var (held, other) = (Added(1), Added(2));
        Assert.Equal([other], queue.Take(WriteLane.Usual));
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(queue.Take(WriteLane.Usual));
        Assert.False(held.Answer.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(queue.Take(WriteLane.Usual));
        await Assert.ThrowsAsync<OverloadedException>(() => held.Answer);
    }

    [Fact]
    public void What_was_too_slow_is_written_in_its_order_in_the_slow_lane_while_others_go_on()
    {
        var (first, second) = (Added(1), Added(1));
        queue.PutBack(queue.Take(WriteLane.Usual));
        var (third, quick) = (Added(1), Added(3));
        Assert.Equal([quick], queue.Take(WriteLane.Usual));
        Assert.Equal([first, second, third], queue.Take(WriteLane.Slow));
        var late = Added(1);
        Assert.Empty(queue.Take(WriteLane.Usual));
        Assert.Empty(queue.Take(WriteLane.Slow));
        clock.Advance(TimeSpan.FromSeconds(10));
        foreach (var request in new[] { first, second, third })
            queue.Done([request], WriteLane.Slow);
        Assert.Equal([late], queue.Take(WriteLane.Usual));
    }

    [Fact]
    public void What_was_slow_a_moment_ago_stays_in_the_slow_lane()
    {
        var first = Added(1);
        queue.PutBack(queue.Take(WriteLane.Usual));
        queue.Take(WriteLane.Slow);
        var late = Added(1);
        clock.Advance(TimeSpan.FromSeconds(9));
        queue.Done([first], WriteLane.Slow);
        Assert.Empty(queue.Take(WriteLane.Usual));
        Assert.Equal([late], queue.Take(WriteLane.Slow));
    }

    [Fact]
    public void Who_was_written_together_with_what_was_too_slow_is_tried_alone_and_not_in_the_slow_lane()
    {
        var (slow, other) = (Added(1), Added(2));
        queue.PutBack(queue.Take(WriteLane.Usual));
        Assert.Empty(queue.Take(WriteLane.Slow));
        Assert.Equal([slow], queue.Take(WriteLane.Usual));
        clock.Advance(TimeSpan.FromMilliseconds(15));
        Assert.Equal([other], queue.Take(WriteLane.Helping));
        queue.Done([other], WriteLane.Helping);
        queue.PutBack([slow]);
        var (next, third) = (Added(2), Added(3));
        Assert.Equal([next, third], queue.Take(WriteLane.Usual));
        Assert.Equal([slow], queue.Take(WriteLane.Slow));
    }

    [Fact]
    public void It_is_over_when_what_was_taken_is_answered()
    {
        var request = Added(1);
        queue.Complete();
        Assert.False(queue.TryAdd(Request(1)));
        queue.Take(WriteLane.Usual);
        Assert.False(queue.IsOver);
        queue.Done([request], WriteLane.Usual);
        Assert.True(queue.IsOver);
    }

    WriteRequest Added(int workspace, int facts = 1)
    {
        var request = Request(workspace, facts);
        Assert.True(queue.TryAdd(request));
        return request;
    }

    static WriteRequest Request(int workspace, int facts = 1) => new(
        new Workspace
        {
            Key = workspace, Id = new Guid(workspace, 0, 0, new byte[8]), Slug = "some", Name = "Some", HashKey = [], CreatedAt = Some.Day,
        },
        [.. Enumerable.Range(0, facts).Select(at => new IncomingEvent { Index = at, Name = "task.done", Timestamp = 0 })],
        partial: false, CancellationToken.None);
}
