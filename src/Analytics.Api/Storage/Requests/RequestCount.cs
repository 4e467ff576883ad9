using Analytics.Sketches;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Requests;

/// <summary>What requests add to the two sections they count in, filled one by one.</summary>
sealed class RequestCount
{
    readonly CommitFacts requests = new(RequestFacts.Section);
    readonly CommitFacts minutes = new(RequestFacts.Minutes);
    readonly ByteWriter packed = new(64 * 1024);

    public void Clear()
    {
        requests.Clear();
        minutes.Clear();
    }

    public void Add(in CountedRequest request)
    {
        Add(
            requests,
            RequestFacts.Section.KeyOf(
                request.Timestamp, request.Person, RequestFacts.EndpointStatus(request.Endpoint, request.Status)),
            request);
        Add(minutes, RequestFacts.Minutes.KeyOf(request.Timestamp, 0, request.Status), request);
    }

    /// <summary>A delta a section; empty where nothing was added.</summary>
    public IEnumerable<(Section Section, int Facts, byte[] Data)> Pack()
    {
        foreach (var facts in (CommitFacts[])[requests, minutes])
        {
            var data = facts.Pack(packed, out var count);
            yield return (facts.Section, count, data);
        }
    }

    static void Add(CommitFacts facts, FactKey key, in CountedRequest request)
    {
        var latency = (Int128)request.Latency * RequestFacts.Microsecond;
        facts.Add(key, 1, request.Status >= 500 ? 1 : 0, latency);
        facts.AddValue(key, RequestFacts.LatencyField, latency, 1);
        facts.Add(key, RequestFacts.ResponseBytes, request.ResponseSize);
        facts.Add(key, RequestFacts.RequestBytes, request.RequestSize);
        if (request.Status is >= 400 and < 500)
            facts.Add(key, RequestFacts.ClientErrors, 1);
        if (request.Latency > RequestFacts.SlowAbove)
            facts.Add(key, RequestFacts.Slow, 1);
    }
}

/// <summary>What of a request is counted; latency and time in microseconds.</summary>
readonly record struct CountedRequest(
    long Timestamp, int Person, int Endpoint, short Status, long Latency, long RequestSize, long ResponseSize);
