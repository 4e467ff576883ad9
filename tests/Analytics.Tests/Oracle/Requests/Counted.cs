using System.Numerics;

namespace Analytics.Tests.Oracle.Requests;

/// <summary>What some requests count for.</summary>
sealed class Counted
{
    readonly List<SeenRequest> requests;
    readonly List<ToldRequest> measured;

    public Counted(IEnumerable<SeenRequest> requests)
    {
        this.requests = [.. requests];
        measured = [.. this.requests.Select(request => request.Told).Where(told => told.IsMeasured)];
        Latencies = [.. measured.Select(told => told.Latency).Order()];
    }

    public int Count => requests.Count;
    public int ClientErrors => measured.Count(told => told.Status is >= 400 and < 500);
    public int ServerErrors => measured.Count(told => told.Status >= 500);
    public int Errors => ClientErrors + ServerErrors;
    public BigInteger Bytes => Sum(told => told.ResponseSize);
    public BigInteger RequestBytes => Sum(told => told.RequestSize);

    /// <summary>In order.</summary>
    public long[] Latencies { get; }

    public BigInteger Latency => Sum(told => told.Latency);

    /// <summary>Nobody is none of them.</summary>
    public int Customers => requests.Select(request => request.Customer).Where(name => name != RequestWorld.Anonymous).Distinct().Count();

    public int WithStatus(int hundreds) => measured.Count(told => told.Status / 100 == hundreds);

    public SortedDictionary<string, int> StatusCodes => new(
        measured.CountBy(told => told.Status).ToDictionary(code => $"{code.Key}", code => code.Value), StringComparer.Ordinal);

    BigInteger Sum(Func<ToldRequest, long> number) => measured.Aggregate(BigInteger.Zero, (sum, told) => sum + number(told));
}
