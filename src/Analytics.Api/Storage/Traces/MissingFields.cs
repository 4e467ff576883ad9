using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Traces;

/// <summary>
/// Fields were registered after some nodes were last written: sums the missing fields over the events of their traces, once, as they
/// are before this transaction. That is what the fields' backfill counts too.
/// </summary>
sealed class MissingFields(NpgsqlConnection connection, int workspace, byte[] hashKey, IReadOnlyList<string> registered)
{
    /// <summary>Adds the registered fields that the traces do not know yet.</summary>
    /// <param name="tops">Their nodes.</param>
    /// <param name="max">The most events they may have; null for any number, for as long as it takes.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task AddAsync(IReadOnlyCollection<TraceNode> tops, int? max, CancellationToken cancel)
    {
        var byRoot = tops.ToDictionary(top => top.Root);
        var below = new WayDown(connection, workspace, hashKey, byRoot.Keys) { Max = max };
        await below.EachAsync(step =>
        {
            var top = byRoot[below.Starts[step.Start]];
            foreach (var (field, value) in EventValues.Of(step.Metadata, registered))
                if (field > top.Fields)
                    top.Sums[field] = top.Sums.GetValueOrDefault(field) + value;
        }, cancel);
        foreach (var top in tops)
        {
            top.Fields = (short)(FieldCatalogue.LastBuiltIn + registered.Count);
            if (top.Counted is not null)
                top.Counted = new(top.Sums);
        }
    }
}
