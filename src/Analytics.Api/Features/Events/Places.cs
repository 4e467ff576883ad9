using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Model;

namespace Analytics.Features.Events;

/// <summary>Finds where events stand in their traces: root, children, descendants, sums over them.</summary>
public sealed class Places(BoundedRead read, Workspace workspace, int[]? visible, string[] fields)
{
    const string ChildrenSql = """
        select parent, count(*)
        from events
        where workspace_id = $1
          and parent = any($2)
          and ($3 is null or person = any($3))
        group by parent
        """;

    public async Task<Dictionary<Guid, Place>> OfAsync(IReadOnlyCollection<StoredEvent> events)
    {
        var tops = events.Count == 0 ? new TreeTops() : await TreeTops.ReadAsync(read, workspace, events);
        StoredEvent[] related = [.. events.Where(e => e.Tree is not null || tops.Of(e) is not null)];
        var children = await ChildrenAsync(related);

        // A whole tree knows its size; its sums as well, where the fields are among those it keeps.
        var below = new Descendants(read, workspace, visible, fields);
        await below.ReadAsync([.. related.Where(e => !IsKnown(e, tops) && (visible is not null || children.ContainsKey(e.Id)))]);
        return events.ToDictionary(e => e.Id, e => PlaceOf(e, tops.Of(e), children.GetValueOrDefault(e.Id), below));
    }

    bool IsKnown(StoredEvent e, TreeTops tops) =>
        visible is null && fields.Length == 0 && tops.Of(e) is { IsRoot: true } top && top.Id == e.Id;

    Place PlaceOf(StoredEvent e, Top? top, long children, Descendants below)
    {
        var root = e.Tree is null ? e.Id : top is { IsRoot: true } ? top.Id : (Guid?)null;
        var descendants = below.CountOf(e.Id) ?? (e.Tree is null && top is not null && visible is null ? top.Members - 1 : 0);
        return new Place(root, children, descendants, fields.Length == 0 ? null : Aggregates(e, below));
    }

    Dictionary<string, string> Aggregates(StoredEvent e, Descendants below)
    {
        var sums = below.SumsOf(e.Id) ?? Descendants.Values(e.Metadata, fields);
        return fields.Zip(sums).ToDictionary(sum => sum.First, sum => DecimalUnits.Format(sum.Second), StringComparer.Ordinal);
    }

    async Task<Dictionary<Guid, long>> ChildrenAsync(StoredEvent[] events)
    {
        var children = new Dictionary<Guid, long>();
        if (events.Length == 0)
            return children;
        var owners = new Dictionary<Guid, Guid>();
        foreach (var e in events)
        {
            owners[e.Id] = e.Id;
            if (e.Hash(workspace) is { } hash)
                owners[hash] = e.Id;
        }

        var parameters = new SqlParameters();
        parameters.Add(workspace.Key);
        parameters.Add(owners.Keys.ToArray());
        parameters.Add(visible);
        await using var command = parameters.Command(ChildrenSql, read.Connection);
        await using var reader = await command.ExecuteReaderAsync(read.Cancel);
        while (await reader.ReadAsync(read.Cancel))
        {
            var owner = owners[reader.GetGuid(0)];
            children[owner] = children.GetValueOrDefault(owner) + reader.GetInt64(1);
        }

        return children;
    }
}
