using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>
/// Merges deltas into one run with a cell for each key and type they have. Most facts meet no other of their key and are copied
/// as they are.
/// </summary>
static class FactFold
{
    readonly record struct Place(long Key, int Type, int Delta, int Start, int Length);

    /// <summary>Writes the run, and adds its cells to days, if there are to be any.</summary>
    public static async Task WriteAsync(RunWriter run, PersonDays? days, IReadOnlyList<byte[]> deltas, CancellationToken cancel)
    {
        var places = Places(deltas);
        using var bytes = new ByteWriter(4096);
        for (var at = 0; at < places.Count;)
        {
            var (key, type) = (places[at].Key, places[at].Type);
            var end = at + 1;
            while (end < places.Count && places[end].Key == key && places[end].Type == type)
                end++;
            var cell = end - at == 1 ? Cell(deltas, places[at]) : Merged(deltas, places, at, end, bytes);
            await run.AddAsync(key, type, cell, cancel);
            if (days is not null)
                await days.AddAsync(key, type, cell, cancel);
            at = end;
        }
    }

    static List<Place> Places(IReadOnlyList<byte[]> deltas)
    {
        var places = new List<Place>();
        for (var delta = 0; delta < deltas.Count; delta++)
        {
            var facts = new DeltaReader(deltas[delta]);
            while (facts.Read())
                places.Add(new Place(facts.Key, facts.Type, delta, facts.Payload.Start, facts.Payload.Length));
        }

        places.Sort(static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.Type.CompareTo(b.Type));
        return places;
    }

    static ReadOnlyMemory<byte> Cell(IReadOnlyList<byte[]> deltas, Place place) =>
        deltas[place.Delta].AsMemory(place.Start, place.Length);

    static ReadOnlyMemory<byte> Merged(IReadOnlyList<byte[]> deltas, List<Place> places, int at, int end, ByteWriter bytes)
    {
        var cell = new Cell();
        for (; at < end; at++)
            CellFormat.Merge(Cell(deltas, places[at]).Span, cell, CellParts.Everything);
        bytes.Reset();
        CellFormat.Write(bytes, cell);
        return bytes.WrittenMemory;
    }
}
