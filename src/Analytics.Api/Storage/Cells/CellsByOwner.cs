using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Analytics.Sketches;

namespace Analytics.Storage.Cells;

/// <summary>
/// Parts of many owners' cells, kept as bytes until all have come, and then added up owner by owner. Thousands of cells that grow side by
/// side are each out of the processor's cache when their next part comes; one cell that all owners use in turn stays in it.
/// </summary>
/// <param name="parts">What is wanted of the cells.</param>
/// <param name="most">So many bytes are kept; then what is there is added up, and kept as one part each.</param>
sealed class CellsByOwner(CellParts parts, int most = CellsByOwner.MostBytes) : IDisposable
{
    const int MostBytes = 32 * 1024 * 1024;
    const int FirstChunk = 8 * 1024;
    const int LargestChunk = 128 * 1024;

    static readonly int HeadBytes = Unsafe.SizeOf<Head>();

    readonly record struct Place(int Chunk, int Start);

    /// <summary>What stands before a part's bytes: which of its owner's cells it belongs to, and where its owner's next part is.</summary>
    record struct Head(int Which, int Length, Place? Next);

    // From the pool: arrays for each question would be large objects, collected with everything else.
    List<byte[]> chunks = [];
    Dictionary<int, (Place First, Place Last)> owners = [];
    int end;
    long length;
    long limit = most;

    /// <summary>How many owners have parts.</summary>
    public int Owners => owners.Count;

    /// <summary>Keeps a part of one of an owner's cells.</summary>
    public void Add(int owner, int which, ReadOnlySpan<byte> cell)
    {
        if (length > limit)
            Fold();
        var place = RoomFor(cell.Length);
        HeadAt(place) = new(which, cell.Length, null);
        cell.CopyTo(chunks[place.Chunk].AsSpan(place.Start + HeadBytes));
        ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(owners, owner, out var isKnown);
        if (isKnown)
            HeadAt(own.Last).Next = place;
        own = (isKnown ? own.First : place, place);
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
            for (Place? next = first; next is { } at; next = HeadAt(at).Next)
            {
                var head = HeadAt(at);
                CellFormat.Merge(chunks[at.Chunk].AsSpan(at.Start + HeadBytes, head.Length), Of(head.Which), parts);
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

    public void Dispose()
    {
        chunks.ForEach(chunk => ArrayPool<byte>.Shared.Return(chunk));
        chunks = [];
        owners = [];
    }

    void Fold()
    {
        using var writer = new ByteWriter();
        var folded = new CellsByOwner(parts, int.MaxValue);
        Each(0, 1, (owner, own) =>
        {
            foreach (var (which, cell) in own)
            {
                writer.Reset();
                CellFormat.Write(writer, cell);
                folded.Add(owner, which, writer.WrittenSpan);
            }
        });
        Dispose();
        (chunks, owners, end, length) = (folded.chunks, folded.owners, folded.end, folded.length);
        // What does not become less is not added up again and again.
        limit = Math.Max(limit, 2 * length);
    }

    Place RoomFor(int cell)
    {
        var bytes = HeadBytes + ((cell + sizeof(int) - 1) & -sizeof(int));
        if (chunks.Count == 0 || end + bytes > chunks[^1].Length)
        {
            chunks.Add(ArrayPool<byte>.Shared.Rent(Math.Max(bytes, Math.Min(LargestChunk, FirstChunk << Math.Min(chunks.Count, 8)))));
            end = 0;
        }

        var place = new Place(chunks.Count - 1, end);
        (end, length) = (end + bytes, length + bytes);
        return place;
    }

    ref Head HeadAt(Place place) => ref MemoryMarshal.AsRef<Head>(chunks[place.Chunk].AsSpan(place.Start, HeadBytes));
}
