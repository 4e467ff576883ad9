using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>Asks the service what the model knows, and compares every number of the answer.</summary>
sealed class MetricsAgreement(WorkspaceClient workspace, MetricsLife life, string about)
{
    readonly GivenIds ids = new(workspace);
    readonly Dictionary<Guid, WorkspaceClient> portals = [];

    /// <summary>Asks everything in turn; <paramref name="moment"/> says when, for whoever reads a failure.</summary>
    public async Task AssertAsync(string moment, IEnumerable<MetricsQuestion> questions)
    {
        await ids.LearnAsync(life.World.Events.Count);
        var ledger = new Ledger(life.World, ids.Of);
        var expiries = ledger.Shares.Select(share => share.End).OfType<ShareEnd>()
            .Where(end => end.By == EndedBy.ItsTime).Select(end => end.At).Order().ToList();
        foreach (var question in questions)
        {
            var chosen = question.Choose(life.World, ledger);
            var client = question.Portal is { } customer ? await PortalAsync(customer) : workspace;
            var before = SystemClock.Instance.GetCurrentInstant();
            var answer = await client.GetAsync(question.ToPath());
            var after = SystemClock.Instance.GetCurrentInstant();

            // The clock goes on while the service answers: the answer is that of one instant in between.
            var passed = expiries.Where(expiry => expiry > before && expiry <= after);
            List<Instant> moments = [after, before, .. passed];
            var found = moments.ConvertAll(now => MetricsComparison.Differences(question, chosen, now, answer));
            Assert.True(found.Exists(differences => differences.Count == 0),
                $"{string.Join('\n', found[0].Take(12))}\n{found[0].Count} in all, {about}, {moment}: {question.ToPath()}");
        }
    }

    async Task<WorkspaceClient> PortalAsync(Guid customer)
    {
        if (!portals.TryGetValue(customer, out var portal))
            portals.Add(customer, portal = await workspace.BoundToAsync(customer, Analytics.Tenancy.Scopes.MetricsRead));
        return portal;
    }
}
