using Analytics.Sketches;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Apps;

/// <summary>Invocations of apps' server routes.</summary>
sealed class InvocationKind() : FactKind("invocations", InvocationFacts.Section)
{
    const string InvocationsSql = """
        select timestamp, app, status, error <> '', duration, memory
        from invocations
        where workspace_id = $1
          and timestamp >= $2
          and timestamp < $3
        """;

    public override async Task RecountAsync(RawCount count, CancellationToken cancel)
    {
        if (count.Fields is not null)
            return; // those are of events
        var facts = new CommitFacts(InvocationFacts.Section);
        await count.EachAsync(
            InvocationsSql,
            row => Count(
                facts, row.Microseconds(0), row.GetInt32(1), InvocationFacts.HasFailed(row.GetInt16(2), row.GetBoolean(3)),
                row.GetInt64(4), row.GetInt64(5)),
            () => GiveAsync(count, facts), cancel);
    }

    /// <summary>Adds an invocation to the facts of its section; times in microseconds, memory in bytes.</summary>
    public static void Count(CommitFacts facts, long timestamp, int app, bool hasFailed, long duration, long memory)
    {
        var key = InvocationFacts.Section.KeyOf(timestamp, app);
        facts.Add(key, InvocationFacts.Invocations, 1);
        facts.Add(key, InvocationFacts.Failed, hasFailed ? 1 : 0);
        facts.Add(key, InvocationFacts.Duration, duration);
        facts.Reached(key, memory);
    }

    static async Task GiveAsync(RawCount count, CommitFacts facts)
    {
        if (facts.Pack(new ByteWriter(), out var packed) is var delta && packed > 0)
            await count.Add(facts.Section, delta);
        facts.Clear();
    }
}
