using Npgsql;

namespace Analytics.Storage.Storefront;

/// <summary>Puts what commits added to the piles of its days.</summary>
static class StepPacking
{
    /// <summary>Held by whoever changes a workspace's piles.</summary>
    internal const int Lock = 0x73746570;

    const short Small = 0;
    const short Large = 1;

    // A pile of what came late is put to the large one once it is so large a part of it.
    const int Part = 8;

    // What a rebuild under way counts anew is told from what came after it: nothing of the latter is packed before it is done.
    const string DeltasSql = """
        with packed as (
            delete from storefront_deltas
            where workspace_id = $1
              and commit <= coalesce((select barrier from workspace_seq where workspace_id = $1), $2)
            returning steps
        )
        select steps from packed
        """;

    const string PilesSql = "select day, tier, steps from storefront_days where workspace_id = $1 and day = any($2) for update";
    const string RemoveSql = "delete from storefront_days where workspace_id = $1 and tier = $2 and day = any($3)";

    const string WriteSql = """
        insert into storefront_days (workspace_id, day, tier, steps)
        select $1, day, tier, steps
        from unnest($2, $3, $4) as pile (day, tier, steps)
        on conflict (workspace_id, day, tier) do update set steps = excluded.steps
        """;

    /// <summary>Packs; false, and nothing done, while somebody else changes the piles.</summary>
    public static async Task<bool> RunAsync(NpgsqlDataSource store, int workspace, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await connection.ScalarAsync<bool>("select pg_try_advisory_xact_lock($2, $1)", [workspace, Lock], cancel))
            return false;
        await RunAsync(connection, workspace, long.MaxValue, cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>Packs what commits up to one added, in a transaction that holds the lock.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, int workspace, long upTo, CancellationToken cancel)
    {
        var added = new List<VisitorStep>();
        await connection.EachAsync(
            DeltasSql, [workspace, upTo], row => PackedSteps.Unpack(row.GetFieldValue<byte[]>(0), added), cancel);
        if (added.Count > 0)
            await AddAsync(connection, workspace, added, cancel);
    }

    /// <summary>Writes a day's steps as its only pile.</summary>
    public static Task WriteAsync(NpgsqlConnection connection, int workspace, int day, List<VisitorStep> steps, CancellationToken cancel) =>
        WriteAsync(connection, workspace, [(day, Large, steps)], cancel);

    static async Task AddAsync(NpgsqlConnection connection, int workspace, List<VisitorStep> added, CancellationToken cancel)
    {
        added.Sort(VisitorStep.Compare);
        var days = added.GroupBy(step => step.Day).ToDictionary(day => day.Key, day => day.ToList());
        var piles = new Dictionary<(int Day, short Tier), byte[]>();
        await connection.EachAsync(
            PilesSql, [workspace, days.Keys.ToArray()],
            row => piles[(row.GetInt32(0), row.GetInt16(1))] = row.GetFieldValue<byte[]>(2), cancel);
        var written = new List<(int Day, short Tier, List<VisitorStep> Steps)>();
        foreach (var (day, steps) in days)
        {
            var small = PackedSteps.Merge(Unpacked(piles.GetValueOrDefault((day, Small))), steps);
            var large = piles.GetValueOrDefault((day, Large));
            if (large is not null && small.Count < PackedSteps.CountOf(large) / Part)
                written.Add((day, Small, small));
            else
                written.Add((day, Large, PackedSteps.Merge(Unpacked(large), small)));
        }

        int[] emptied = [.. written.Where(pile => pile.Tier == Large).Select(pile => pile.Day)];
        await connection.ExecuteAsync(RemoveSql, [workspace, Small, emptied], cancel);
        await WriteAsync(connection, workspace, written, cancel);
    }

    static Task<int> WriteAsync(
        NpgsqlConnection connection, int workspace, List<(int Day, short Tier, List<VisitorStep> Steps)> piles, CancellationToken cancel) =>
        connection.ExecuteAsync(
            WriteSql,
            [
                workspace, piles.Select(pile => pile.Day).ToArray(), piles.Select(pile => pile.Tier).ToArray(),
                SqlValue.Of(piles.Select(pile => PackedSteps.Pack(pile.Steps)).ToArray()),
            ],
            cancel);

    static List<VisitorStep> Unpacked(byte[]? pile)
    {
        var steps = new List<VisitorStep>();
        if (pile is not null)
            PackedSteps.Unpack(pile, steps);
        return steps;
    }
}
