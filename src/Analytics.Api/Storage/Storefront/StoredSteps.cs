using Npgsql;

namespace Analytics.Storage.Storefront;

/// <summary>Reads what visitors did, day by day in UTC: the piles of each day, and what came since they were made.</summary>
sealed class StoredSteps(NpgsqlConnection connection, int workspace)
{
    // One statement, so that it is one moment's: what is packed meanwhile is neither missed nor seen twice.
    const string Sql = """
        select null::int, steps
        from storefront_deltas
        where workspace_id = $1
        union all
        select day, steps
        from storefront_days
        where workspace_id = $1
          and day between $2 and $3
        order by 1 nulls first
        """;

    readonly SortedDictionary<int, List<VisitorStep>> late = [];
    List<VisitorStep> steps = [];
    int? day;

    /// <summary>Gives the steps of each day from one to another that has some, in their order.</summary>
    public async Task EachDayAsync(int first, int last, Action<int, List<VisitorStep>> give, CancellationToken cancel)
    {
        await connection.EachAsync(Sql, [workspace, first, last], row =>
        {
            var bytes = row.GetFieldValue<byte[]>(1);
            if (row.IsDBNull(0))
                AddLate(bytes, first, last);
            else
                AddPile(row.GetInt32(0), bytes, give);
        }, cancel);
        GiveUntil(int.MaxValue, give);
    }

    void AddLate(byte[] bytes, int first, int last)
    {
        var all = new List<VisitorStep>();
        PackedSteps.Unpack(bytes, all);
        foreach (var step in all)
            if (step.Day is var on && on >= first && on <= last)
                (late.TryGetValue(on, out var known) ? known : late[on] = []).Add(step);
    }

    void AddPile(int on, byte[] bytes, Action<int, List<VisitorStep>> give)
    {
        if (day != on)
            GiveUntil(on, give);
        day = on;
        if (steps.Count == 0)
        {
            PackedSteps.Unpack(bytes, steps);
            return;
        }

        var pile = new List<VisitorStep>();
        PackedSteps.Unpack(bytes, pile);
        steps = PackedSteps.Merge(steps, pile);
    }

    /// <summary>Gives the day that was read, and before and after it those that have only what came late.</summary>
    void GiveUntil(int next, Action<int, List<VisitorStep>> give)
    {
        if (day is { } read)
        {
            GiveLate(read, give);
            give(read, late.Remove(read, out var more) ? PackedSteps.Merge(steps, Sorted(more)) : steps);
            steps.Clear();
            day = null;
        }

        GiveLate(next, give);
    }

    void GiveLate(int before, Action<int, List<VisitorStep>> give)
    {
        while (late.Count > 0 && late.Keys.First() is var on && on < before && late.Remove(on, out var only))
            give(on, Sorted(only));
    }

    static List<VisitorStep> Sorted(List<VisitorStep> steps)
    {
        steps.Sort(VisitorStep.Compare);
        return steps;
    }
}
