using System.Runtime.InteropServices;
using Analytics.Sketches;

namespace Analytics.Storage.Cells;

/// <summary>
/// Parts of many owners' cells, kept as bytes until all have come, and then added up owner by owner. Thousands of cells that grow side by
/// side are each out of the processor's cache when their next part comes; one cell that all owners use in turn stays in it.
/// </summary>
/// <param name="parts">What is wanted of the cells.</param>
/// <param name="most">So many bytes are kept; then what is there is added up, and kept as one part each.</param>
sealed class CellsByOwner(CellParts parts, int most = CellsByOwner.MostBytes)
{
    const int None = -1;
    const int MostBytes = 32 * 1024 * 1024;

    /// <summary>A part: which of its owner's cells it belongs to, where its bytes are, and the owner's next part.</summary>
    readonly record struct Part(int Which, int Start, int Length)
    {
        public int Next { get; init; } = None;
    }

    Dictionary<int, (int First, int Last)> owners = [];
    List<Part> all = [];
    byte[] bytes = [];
    int length;
    int limit = most;

    /// <summary>Keeps a part of one of an owner's cells.</summary>
    public void Add(int owner, int which, ReadOnlySpan<byte> cell)
    {
        if (length > limit)
            Fold();
        if (length + cell.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(length + cell.Length, Math.Max(64 * 1024, 2 * bytes.Length)));
        cell.CopyTo(bytes.AsSpan(length));
        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(owners, owner, out var isKnown);
        if (isKnown)
            CollectionsMarshal.AsSpan(all)[own.Last] = all[own.Last] with { Next = all.Count };
        own = (isKnown ? own.First : all.Count, all.Count);
        all.Add(new(which, length, cell.Length));
        length += cell.Length;
    }

    void Fold()
    {
        var (folded, writer) = (new CellsByOwner(parts, int.MaxValue), new ByteWriter());
        Each(0, 1, (owner, own) =>
        {
            foreach (var (which, cell) in own)
            {
                writer.Reset();
                CellFormat.Write(writer, cell);
                folded.Add(owner, which, writer.WrittenSpan);
            }
        });
        (owners, all, bytes, length) = (folded.owners, folded.all, folded.bytes, folded.length);
        // What does not become less is not added up again and again.
        limit = Math.Max(limit, 2 * length);
    }

    /// <summary>Adds up the cells of one in so many owners: several threads can share the work when nothing is added any more.</summary>
    /// <param name="share">Which of the shares.</param>
    /// <param name="shares">How many there are; 1 for all owners.</param>
    /// <param name="take">Takes an owner and which of its cells there are, each good until it returns.</param>
    public void Each(int share, int shares, Action<int, IReadOnlyList<(int Which, Cell Cell)>> take)
    {
        var (cells, own, number) = (new Dictionary<int, Cell>(), new List<(int Which, Cell Cell)>(), 0);
        foreach (var (owner, (first, _)) in owners)
        {
            if (number++ % shares != share)
                continue;
            own.Clear();
            for (var at = first; at != None; at = all[at].Next)
            {
                var part = all[at];
                CellFormat.Merge(bytes.AsSpan(part.Start, part.Length), Of(part.Which), parts);
            }

            take(owner, own);
        }

        Cell Of(int which)
        {
            foreach (var known in own)
                if (known.Which == which)
                    return known.Cell;
            if (!cells.TryGetValue(which, out var cell))
                cells.Add(which, cell = new Cell());
            cell.Clear();
            own.Add((which, cell));
            return cell;
        }
    }
}
