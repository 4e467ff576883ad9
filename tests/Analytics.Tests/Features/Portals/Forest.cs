using System.Globalization;
using System.Text.Json;

namespace Analytics.Tests.Features.Portals;

/// <summary>
/// A customer's events as they hang together without anybody else's, worked out one by one from what the backend is shown of the raw
/// events: who each is of, and what its parent is.
/// </summary>
sealed class Forest
{
    readonly Dictionary<Guid, Tree> own;

    Forest(Dictionary<Guid, Tree> own) => this.own = own;

    public IReadOnlyList<Tree> Events => [.. own.Values.OrderByDescending(e => e.At).ThenByDescending(e => e.Id)];

    public static async Task<Forest> OfAsync(WorkspaceClient workspace, Guid customer)
    {
        var found = (await TreesAsync(workspace)).Where(e => e.Customer == customer).ToDictionary(e => e.Id);
        foreach (var e in found.Values)
            if (e.Sent is { } sent && found.TryGetValue(sent, out var parent))
            {
                e.Parent = parent;
                parent.Children.Add(e);
            }

        return new Forest(found);
    }

    /// <summary>What these customers' portal keys sent, and whether all above each is of the same customer.</summary>
    public static async Task<List<(Guid Id, bool IsOwn)>> OfPortalsAsync(WorkspaceClient workspace, IReadOnlyCollection<Guid> customers)
    {
        var all = (await TreesAsync(workspace)).ToDictionary(e => e.Id);
        var sent = all.Values.Where(e => e.IsPortals && e.Customer is { } of && customers.Contains(of)).Select(e => (e.Id, Above(e).All(above => above.Customer == e.Customer))).ToList();
        Assert.NotEmpty(sent);
        return sent;

        IEnumerable<Tree> Above(Tree e) => e.Sent is { } parent ? Above(all[parent]).Prepend(all[parent]) : [];
    }

    public List<string> Lines() => [.. Events.Select(e => e.Line)];

    /// <summary>A line for each day and name that has roots.</summary>
    public string Statistics(string field) => string.Join('\n',
        from e in own.Values
        where e.IsRoot
        group e.Below().Append(e).Sum(one => one.Value(field)) by (Day: $"{e.At:yyyy-MM-dd}", e.Name) into roots
        orderby roots.Key.Day, roots.Key.Name
        let values = roots.Order().ToList()
        select Line(roots.Key.Day, roots.Key.Name, values.Count, Show(values.Sum()), Show(Percentile(values, 50)), Show(Percentile(values, 99))));

    public static string Line(string day, string name, int count, string total, string p50, string p99) =>
        $"{day} {name} {count} {total} {p50} {p99}";

    public static string Line(Guid id, Guid? parent, Guid? root, string? pending, int children, int descendants, string sum) =>
        $"{id} {parent} {root} {pending} {children} {descendants} {sum}";

    static async Task<List<Tree>> TreesAsync(WorkspaceClient workspace)
    {
        var shown = (await workspace.GetAsync("/api/events?source=user&limit=1000")).GetProperty("data").EnumerateArray()
            .ToDictionary(row => row.GetProperty("id").GetGuid());
        var trees = new List<Tree>();
        await using var command = workspace.Api.Store.CreateCommand("""
            select e.id, e.parent is not null, e.parent_ref, e.portal is not null
            from events e
            join workspaces w using (workspace_id)
            where w.id = $1
            """);
        command.Parameters.Add(new() { Value = workspace.Id });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            if (shown.TryGetValue(row.GetGuid(0), out var e))
                trees.Add(new Tree(e, row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3)));
        return trees;
    }

    static decimal Percentile(List<decimal> values, int p)
    {
        var rank = p * (values.Count - 1);
        var (low, high) = (values[rank / 100], values[Math.Min(rank / 100 + 1, values.Count - 1)]);
        return low + (high - low) * (rank % 100) / 100;
    }

    static string Show(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    /// <summary>An event, and what of its customer's hangs on it.</summary>
    public sealed class Tree(JsonElement row, bool hasParent, string? called, bool isPortals)
    {
        public Guid Id { get; } = row.GetProperty("id").GetGuid();
        public string Name { get; } = row.GetProperty("name").GetString()!;
        public DateTimeOffset At { get; } = row.GetProperty("timestamp").GetDateTimeOffset();
        public Guid? Customer { get; } = IdIn(row, "customer_id");

        /// <summary>The parent as the backend sees it.</summary>
        public Guid? Sent { get; } = IdIn(row, "parent_id");

        public bool IsRoot => !hasParent;
        public bool IsPortals => isPortals;
        public Tree? Parent { get; set; }
        public List<Tree> Children { get; } = [];

        public string Line => Forest.Line(
            Id, Parent?.Id, Root?.Id, hasParent && Parent is null ? called : null, Children.Count, Below().Count(),
            Show(Below().Append(this).Sum(e => e.Value("_cost.amount"))));

        Tree? Root => IsRoot ? this : Parent?.Root;

        public IEnumerable<Tree> Below() => Children.SelectMany(child => child.Below().Append(child));

        public decimal Value(string field)
        {
            var at = row.GetProperty("metadata");
            foreach (var step in field.Split('.'))
                if (!at.TryGetProperty(step, out at))
                    return 0;
            return at.GetDecimal();
        }

        static Guid? IdIn(JsonElement row, string member) =>
            row.GetProperty(member) is { ValueKind: JsonValueKind.String } id ? id.GetGuid() : null;
    }
}
