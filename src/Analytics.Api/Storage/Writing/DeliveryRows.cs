using Analytics.Storage.Facts;

namespace Analytics.Storage.Writing;

/// <summary>
/// The deliveries that a commit leaves for the workspace's webhooks: of what the service itself tells in it, each to those that want to
/// know of it. Written with what they tell, so that none is lost and none is there twice.
/// </summary>
static class DeliveryRows
{
    const string AddSql = """
        insert into webhook_deliveries (workspace_id, webhook_id, log, id, event_id, type, created_at)
        select $1, webhooks.id, told.log, gen_random_uuid(), told.id, told.name, $2
        from unnest($3::bigint[], $4::uuid[], $5::text[]) as told (log, id, name)
        join webhooks on webhooks.workspace_id = $1
            and webhooks.enabled
            and (webhooks.events @> array[told.name] or webhooks.events = '{*}')
        """;

    /// <summary>To be called right before the facts take their numbers in the log, in this order.</summary>
    public static void Add(WorkspaceWrite write, IReadOnlyList<NewFact> facts, Func<NewFact, string?> ownNameOf)
    {
        var (logs, ids, names) = (new List<long>(), new List<Guid>(), new List<string>());
        for (var at = 0; at < facts.Count; at++)
            if (ownNameOf(facts[at]) is { } name)
            {
                logs.Add(write.Counters.Log + 1 + at);
                ids.Add(facts[at].Id);
                names.Add(name);
            }

        if (logs.Count > 0)
            write.Save(Sql.Statement(
                AddSql, [write.Workspace.Key, write.Now, logs.ToArray(), ids.ToArray(), names.ToArray()]));
    }
}
