using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// The parents that portal keys name by an event's id. One is found only when it and everything above it, up to a root that has come,
/// are their customer's: else they would add to what others see, or wait for what others send. All others are unknown to them.
/// </summary>
/// <param name="workspace">Whose events.</param>
/// <param name="children">Events of portal keys whose parents are not among the new events.</param>
sealed class PortalParents(int workspace, IReadOnlyList<NewEvent> children)
{
    // Beyond it go only the backend's traces of several people, and few of those.
    const int UsualDepth = 4;
    const int MaxAbove = 1_000;

    readonly Dictionary<NewEvent, Guid> found = new(ReferenceEqualityComparer.Instance);

    /// <summary>The id of the event's parent; null when there is none for its key.</summary>
    public Guid? IdOf(NewEvent e) => found.TryGetValue(e, out var id) ? id : null;

    /// <summary>Looks for them among the events of their customers' people; gives the ids of those found.</summary>
    public async Task<IReadOnlyCollection<Guid>> FindAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<Guid, int[]> people, CancellationToken cancel)
    {
        var named = from e in children
                    let id = TraceLinks.IdOf(e.Incoming.ParentId.Span)
                    where id is not null
                    group (e, id.Value) by e.Incoming.Portal!.Value;
        foreach (var portal in named)
            if (people.TryGetValue(portal.Key, out var own))
                await FindAsync(connection, portal.Key, own, [.. portal], cancel);
        return found.Values.ToHashSet();
    }

    async Task FindAsync(
        NpgsqlConnection connection, Guid portal, int[] people, List<(NewEvent Child, Guid Id)> named, CancellationToken cancel)
    {
        Guid[] ids = [.. named.Select(each => each.Id).Distinct()];
        var way = await WayUp.ReadAsync(connection, workspace, ids, people, portal, MaxAbove + UsualDepth * ids.Length, null, cancel);
        foreach (var (child, id) in named)
            if (way.EndOf(id) is not null)
                found[child] = id;
            else if (way.IsCut)
                child.Refuse("/parent_id", "too_deep", "There is too much above these parents to be looked at.");
    }
}
