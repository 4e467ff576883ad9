using Analytics.Storage.Business;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Writing;

/// <summary>Gives what costs and payments are told apart by its numbers: of a group, few texts come again and again.</summary>
static class CostKeys
{
    public static async Task AssignAsync(TextNumbers texts, PlainKeys plain, List<NewEvent> events, CancellationToken cancel)
    {
        var numbers = new Dictionary<byte[], int>(new WorkspaceNames.BytesComparer());
        foreach (var e in events)
        {
            Add(numbers, e.Incoming.CostKey.Span);
            Add(numbers, e.Incoming.RevenueKey.Span);
        }

        await texts.AssignAsync(TextKind.CostKey, numbers.Keys.Select(text => (ReadOnlyMemory<byte>)text), cancel);
        foreach (var text in numbers.Keys)
            numbers[text] = texts.Of(TextKind.CostKey, text);
        await plain.LearnAsync(numbers.Select(one => (one.Key, one.Value)), cancel);
        foreach (var e in events)
        {
            if (e.Incoming.Fields.Cost is not null)
                e.CostKey = NumberOf(numbers, e.Incoming.CostKey.Span);
            e.RevenueKey = NumberOf(numbers, e.Incoming.RevenueKey.Span);
        }
    }

    static void Add(Dictionary<byte[], int> numbers, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
            numbers.GetAlternateLookup<ReadOnlySpan<byte>>().TryAdd(text, 0);
    }

    static int NumberOf(Dictionary<byte[], int> numbers, ReadOnlySpan<byte> text) =>
        text.IsEmpty ? 0 : numbers.GetAlternateLookup<ReadOnlySpan<byte>>()[text];
}
