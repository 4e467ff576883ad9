using Analytics.Http;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Mcp;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;
using EventId = Analytics.Storage.EventId;

namespace Analytics.Features.Business.Mcp;

/// <summary>Answers questions about MCP servers from rollups.</summary>
sealed class McpQuery(NpgsqlDataSource store)
{
    const string Unknown = "unknown";

    // Ids of events are in the order of their times.
    const string ActiveSql = "select count(*) from mcp_sessions where workspace_id = $1 and end_at is null and heard >= $2";

    // In units of 1e-12: what bins stand for has digits that mean nothing.
    static readonly Int128 OfBins = DecimalUnits.One / 1_000_000;

    static readonly TimeSpan ActiveFor = TimeSpan.FromMinutes(30);
    static readonly CellParts WithDurations = new(Set: false, Values: true, 1UL << McpFacts.Duration);

    public async Task<ToolsAnswer> ToolsAsync(Workspace workspace, AskedPeriod period, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, [McpRollups.Tools], cancel);
        var tools = await ByTextAsync(
            snapshot, McpRollups.Tools, TextKind.Tool, workspace, period, WithDurations,
            text => ShownName(text is null ? default : ToolName.Parse(text)), cancel);
        var all = tools.Values.Sum(tool => (long)tool[McpFacts.Invocations]);
        return new(
        [
            .. tools.Select(tool => ToolOf(tool.Key, tool.Value, all)).OrderByDescending(tool => tool.Invocations)
                .ThenBy(tool => tool.Tool, StringComparer.Ordinal).ThenBy(tool => tool.Server, StringComparer.Ordinal),
        ]);
    }

    public async Task<AgentsAnswer> AgentsAsync(Workspace workspace, AskedPeriod period, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, [McpRollups.Agents], cancel);
        var agents = await ByTextAsync(
            snapshot, McpRollups.Agents, TextKind.Agent, workspace, period, CellParts.Sums with { Set = true },
            text => text ?? Unknown, cancel);
        var all = agents.Values.Sum(agent => (long)agent[McpFacts.Invocations]);
        return new(
        [
            .. agents.Select(agent => AgentOf(agent.Key, agent.Value, all)).OrderByDescending(agent => agent.Invocations)
                .ThenBy(agent => agent.Agent, StringComparer.Ordinal),
        ]);
    }

    public async Task<SessionsAnswer> SessionsAsync(Workspace workspace, AskedPeriod period, CancellationToken cancel)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(store, workspace.Key, [McpRollups.Sessions], cancel);
        var (buckets, total) = (period.Buckets.Select(_ => new Cell()).ToArray(), new Cell());
        await ReadAsync(
            snapshot, McpRollups.Sessions, period.Buckets, WithDurations, (bucket, _) => buckets[bucket], cancel);
        foreach (var bucket in buckets)
            total.Merge(bucket);
        var since = EventId.Least(Rfc3339.Microseconds(period.Now - ActiveFor));
        var active = await snapshot.Connection.ScalarAsync<long>(ActiveSql, [workspace.Key, since], cancel);
        var ended = (long)total[McpFacts.Ended];
        return new(
            (long)total[McpFacts.Sessions], active, Average(total, ended), Percentile95(total, ended),
            [
                .. period.Buckets.Select((bucket, at) => new SessionsOfDay(
                    period.DateOf(bucket), (long)buckets[at][McpFacts.Sessions], bucket.IsPartial(period.Now))),
            ]);
    }

    /// <summary>Cells of the whole period by what the texts of the second dimension's numbers say; null is the text of none.</summary>
    static async Task<Dictionary<TName, Cell>> ByTextAsync<TName>(
        RollupSnapshot snapshot, Rollup rollup, TextKind kind, Workspace workspace, AskedPeriod period, CellParts parts,
        Func<string?, TName> nameOf, CancellationToken cancel)
        where TName : notnull
    {
        var numbers = new Dictionary<int, Cell>();
        var range = period.Range;
        Bucket[] whole = range.IsEmpty ? [] : [new Bucket(range.From, range.To, range.From, range.To)];
        await ReadAsync(snapshot, rollup, whole, parts, (_, number) => CellOf(numbers, number), cancel);
        var texts = new Dictionary<int, string?> { [0] = null };
        await TextLookup.OfAsync(
            snapshot.Connection, workspace.Key, kind, [.. numbers.Keys], (number, text) => texts[number] = text, cancel);
        var names = new Dictionary<TName, Cell>();
        foreach (var (number, cell) in numbers)
            if (cell[McpFacts.Invocations] > 0)
                CellOf(names, nameOf(texts[number])).Merge(cell);
        return names;
    }

    static Task ReadAsync(
        RollupSnapshot snapshot, Rollup rollup, IReadOnlyList<Bucket> buckets, CellParts parts, Func<int, int, Cell> route,
        CancellationToken cancel) => buckets.Count == 0
        ? Task.CompletedTask
        : snapshot.ReadAsync(
            rollup, new BucketCover(buckets, snapshot.Timeline, rollup), null, parts, (bucket, _, second) => route(bucket, second), cancel);

    static Cell CellOf<TKey>(Dictionary<TKey, Cell> cells, TKey key)
        where TKey : notnull
    {
        if (!cells.TryGetValue(key, out var cell))
            cells.Add(key, cell = new Cell());
        return cell;
    }

    static ToolAnswer ToolOf(ToolName name, Cell cell, long all)
    {
        var (invocations, errors, timed) = ((long)cell[McpFacts.Invocations], (long)cell[McpFacts.Errors], (long)cell[McpFacts.Timed]);
        return new(
            name.Tool!, name.Server, invocations, errors, ExactNumber.Percent(errors, invocations), Average(cell, timed),
            Percentile95(cell, timed), new(cell[McpFacts.Revenue]), ExactNumber.Percent(invocations, all));
    }

    static AgentAnswer AgentOf(string name, Cell cell, long all)
    {
        var invocations = (long)cell[McpFacts.Invocations];
        return new(
            name, invocations, cell.Set?.Count ?? 0, new(cell[McpFacts.Revenue]), ExactNumber.Percent(invocations, all));
    }

    static ToolName ShownName(ToolName name) => name with { Tool = name.Tool ?? Unknown };

    static ExactNumber Average(Cell cell, long of) => ExactNumber.Quotient(cell.Field(McpFacts.Duration)?.Sum ?? 0, of * DecimalUnits.One);

    /// <summary>Zeros are known by how many there are in all.</summary>
    static ExactNumber Percentile95(Cell cell, long of)
    {
        var bag = cell.Field(McpFacts.Duration)?.Values ?? new ValueBag();
        var percentile = Percentiles.Of(bag, of - bag.Count, 95);
        return new(bag.IsBinned ? DecimalUnits.DivideRounded(percentile, OfBins) * OfBins : percentile);
    }
}
