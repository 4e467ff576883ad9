using Analytics.Sketches;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Apps;

/// <summary>Invocations of apps' server routes.</summary>
sealed class InvocationKind() : FactKind("invocations", InvocationFacts.Section)
{
    const int InvocationsAtOnce = 100_000;

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
        var (facts, done) = (new CommitFacts(InvocationFacts.Section), 0L);
        await using (var command = count.Reading.Command(InvocationsSql, [count.Workspace, count.FromTime, count.ToTime]))
        {
            command.CommandTimeout = 0;
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
            {
                Count(
                    facts, row.Microseconds(0), row.GetInt32(1), InvocationFacts.HasFailed(row.GetInt16(2), row.GetBoolean(3)),
                    row.GetInt64(4), row.GetInt64(5));
                if (++done % InvocationsAtOnce != 0)
                    continue;
                count.Progress?.Report(done);
                await GiveAsync(count, facts);
            }
        }

        await GiveAsync(count, facts);
        count.Progress?.Report(done);
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
