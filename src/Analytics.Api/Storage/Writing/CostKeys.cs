using Analytics.Storage.Business;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Writing;

/// <summary>Gives what costs and payments are told apart by its numbers.</summary>
static class CostKeys
{
    public static async Task AssignAsync(TextNumbers numbers, List<NewEvent> events, CancellationToken cancel)
    {
        await numbers.AssignAsync(
            TextKind.CostKey, events.SelectMany(e => new[] { e.Incoming.CostKey, e.Incoming.RevenueKey }), cancel);
        foreach (var e in events)
        {
            if (e.Incoming.Fields.Cost is not null)
                e.CostKey = numbers.Of(TextKind.CostKey, e.Incoming.CostKey.Span);
            e.RevenueKey = numbers.Of(TextKind.CostKey, e.Incoming.RevenueKey.Span);
        }
    }
}
