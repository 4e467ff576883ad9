using System.Text;
using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>
/// Says which cost keys are the same but for the subscription they name. What was counted under one is looked up by number: a payment may
/// have come long ago.
/// </summary>
/// <param name="connection">Where texts are looked up.</param>
/// <param name="workspace">Whose.</param>
/// <param name="texts">The numbers of texts.</param>
/// <param name="known">Those known so far: the number without a subscription by the number of each; its own where it names none.</param>
/// <param name="adds">Whether a text without a subscription is given a number when it has none; else its key stands for itself.</param>
sealed class PlainKeys(NpgsqlConnection connection, int workspace, TextNumbers texts, Dictionary<int, int> known, bool adds)
{
    /// <summary>Sees to it that these are known.</summary>
    public async Task LearnAsync(IEnumerable<int> costKeys, CancellationToken cancel)
    {
        int[] unknown = [.. costKeys.Where(key => !known.ContainsKey(key)).Distinct()];
        if (unknown.Length == 0)
            return;
        var found = new List<(int Number, string Text)>();
        await TextLookup.OfAsync(
            connection, workspace, TextKind.CostKey, unknown, (number, text) => found.Add((number, text)), cancel);
        await LearnAsync(found, cancel);
    }

    /// <summary>The same of those whose texts are known, in UTF-8.</summary>
    public Task LearnAsync(IEnumerable<(byte[] Text, int Number)> costKeys, CancellationToken cancel) =>
        LearnAsync(
            [.. costKeys.Where(key => !known.ContainsKey(key.Number))
                .Select(key => (key.Number, Encoding.UTF8.GetString(key.Text)))],
            cancel);

    async Task LearnAsync(List<(int Number, string Text)> costKeys, CancellationToken cancel)
    {
        var named = costKeys.FindAll(key => CostKey.NamesSubscription(key.Text));
        foreach (var (number, _) in costKeys.Except(named))
            known[number] = number;
        if (named.Count == 0)
            return;
        ReadOnlyMemory<byte>[] plain = [.. named.Select(key => CostKey.WithoutSubscription(key.Text))];
        var numbers = adds
            ? await texts.AssignAsync(TextKind.CostKey, plain, cancel)
            : await texts.FindAsync(TextKind.CostKey, plain, cancel);
        for (var at = 0; at < plain.Length; at++)
            known[named[at].Number] = numbers[at] == 0 && !plain[at].IsEmpty ? named[at].Number : numbers[at];
    }
}
