using System.Runtime.InteropServices;
using Analytics.Sketches;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Requests;

/// <summary>
/// What requests add to the sections they count in. They are noted one by one, and sorted once for each section: nearly all have a
/// key of their own, so that adding up on the way would be in vain.
/// </summary>
sealed class RequestCount
{
    readonly List<CountedRequest> requests = [];
    readonly ByteWriter packed = new(64 * 1024);
    readonly ByteWriter payload = new(1024);
    readonly Cell cell = new();
    UInt128[] keys = [];
    int[] order = [];

    public int Count => requests.Count;

    public void Clear() => requests.Clear();

    public void Add(in CountedRequest request) => requests.Add(request);

    /// <summary>A delta a section, or of the only one that is wanted; empty where nothing was added.</summary>
    public IEnumerable<(Section Section, int Facts, byte[] Data)> Pack(Section? only = null)
    {
        foreach (var section in (Section[])[RequestFacts.Section, RequestFacts.Minutes, RequestFacts.Products])
        {
            if (only is not null && only != section)
                continue;
            var facts = Write(section);
            yield return (section, facts, facts == 0 ? [] : packed.ToArray());
        }
    }

    int Write(Section section)
    {
        var counted = CollectionsMarshal.AsSpan(requests);
        if (keys.Length < counted.Length)
            (keys, order) = (new UInt128[counted.Length], new int[counted.Length]);
        var count = 0;
        for (var at = 0; at < counted.Length; at++)
            if (section != RequestFacts.Products || counted[at].Product != 0)
                (keys[count], order[count++]) = (SortableOf(KeyOf(section, counted[at])), at);
        Array.Sort(keys, order, 0, count);

        packed.Reset();
        var delta = new DeltaWriter(section, packed, payload);
        for (int at = 0, end; at < count; at = end)
        {
            cell.Clear();
            for (end = at; end < count && keys[end] == keys[at]; end++)
                if (section == RequestFacts.Products)
                    cell[RequestFacts.Requests] += 1;
                else
                    Add(cell, counted[order[end]]);
            delta.Add(KeyOf(section, counted[order[at]]), cell);
        }

        return delta.Facts;
    }

    static FactKey KeyOf(Section section, in CountedRequest request) =>
        section == RequestFacts.Products ? section.KeyOf(request.Timestamp, 0, request.Product)
        : section == RequestFacts.Section
            ? section.KeyOf(request.Timestamp, request.Person, RequestFacts.EndpointStatus(request.Endpoint, request.Status))
        : section.KeyOf(request.Timestamp, 0, request.Status);

    static UInt128 SortableOf(FactKey key) => new((ulong)key.First, ((ulong)key.Slot << 32) | (uint)key.Second);

    static void Add(Cell cell, in CountedRequest request)
    {
        cell[RequestFacts.Requests] += 1;
        if (RequestFacts.IsInformational(request.Status))
        {
            cell[RequestFacts.Informational] += 1;
            return;
        }

        var latency = (Int128)request.Latency * RequestFacts.Microsecond;
        cell[RequestFacts.ServerErrors] += request.Status >= 500 ? 1 : 0;
        cell[RequestFacts.Latency] += latency;
        cell[RequestFacts.ResponseBytes] += request.ResponseSize;
        cell[RequestFacts.RequestBytes] += request.RequestSize;
        cell[RequestFacts.ClientErrors] += request.Status is >= 400 and < 500 ? 1 : 0;
        cell[RequestFacts.Slow] += request.Latency > RequestFacts.SlowAbove ? 1 : 0;
        if (latency == 0)
            return; // zeros are known by the number of requests
        var latencies = cell.Totals(RequestFacts.LatencyField);
        latencies.Sum += latency;
        latencies.Values.Add(latency);
    }
}

/// <summary>What of a request is counted; latency and time in microseconds.</summary>
readonly record struct CountedRequest(
    long Timestamp, int Person, int Endpoint, short Status, long Latency, long RequestSize, long ResponseSize, int Product);
