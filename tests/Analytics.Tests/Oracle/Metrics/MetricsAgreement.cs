using System.Text.Json;
using NodaTime;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>Asks the service what the model knows, and compares every number of the answer.</summary>
sealed class MetricsAgreement(WorkspaceClient workspace, MetricsLife life, string about)
{
    readonly GivenIds ids = new(workspace);
    readonly Dictionary<Guid, RememberedAnswers> portals = [];
    readonly RememberedAnswers everybody = new(workspace);
    string context = "";

    /// <summary>Asks everything in turn; <paramref name="moment"/> says when, for whoever reads a failure.</summary>
    public async Task AssertAsync(string moment, IEnumerable<MetricsQuestion> questions)
    {
        await ids.LearnAsync();
        var ledger = new Ledger(life.World, ids.Of);
        foreach (var question in questions)
        {
            var path = question.ToPath();
            var chosen = question.Choose(life.World, ledger);
            var answers = question.Portal is { } customer ? await PortalAsync(customer) : everybody;

            // What is said to be unchanged has to be right still.
            context = $"{about}, {moment}, not modified: {path}";
            await CompareAsync(question, chosen, () => answers.UnchangedAsync(path));
            context = $"{about}, {moment}: {path}";
            await CompareAsync(question, chosen, async () => await answers.AskAsync(path));
        }
    }

    async Task CompareAsync(MetricsQuestion question, Chosen chosen, Func<Task<JsonElement?>> ask)
    {
        var before = SystemClock.Instance.GetCurrentInstant();
        var answer = await ask();
        var after = SystemClock.Instance.GetCurrentInstant();
        if (answer is not { } answered)
            return;

        // The clock goes on while the service answers: the answer is that of one instant in between.
        var passed = chosen.Shares.Select(share => share.End).OfType<ShareEnd>()
            .Where(end => end.By == EndedBy.ItsTime && end.At > before && end.At <= after).Select(end => end.At);
        List<Instant> moments = [after, before, .. passed];
        if (moments.Exists(now => DifferencesAt(now).Count == 0))
            return;
        var differences = DifferencesAt(after);
        Assert.Fail($"{string.Join('\n', differences.Take(12))}\n{differences.Count} in all, {context}");

        List<string> DifferencesAt(Instant now) => MetricsComparison.Differences(question, chosen, now, answered);
    }

    async Task<RememberedAnswers> PortalAsync(Guid customer)
    {
        if (!portals.TryGetValue(customer, out var portal))
            portals.Add(customer, portal = new(await workspace.BoundToAsync(customer, Analytics.Tenancy.Scopes.MetricsRead)));
        return portal;
    }
}
