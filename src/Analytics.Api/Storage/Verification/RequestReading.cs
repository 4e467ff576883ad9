using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Npgsql;

namespace Analytics.Storage.Verification;

/// <summary>Raw API requests and what they count for: under their person, endpoint and status, and by status in their minute.</summary>
sealed class RequestReading(StoreSnapshot snapshot, DifferenceLog log) : KindReading
{
    const int RequestsAtOnce = 20_000;

    const string RequestsSql = """
        select timestamp, id, person, endpoint, status, latency, request_size, response_size, request_id, product
        from requests
        where workspace_id = $1
          and timestamp >= $2
          and (timestamp, id) > ($2, $3)
        order by timestamp, id
        limit $4
        """;

    sealed record Row(
        long Timestamp, Guid Id, int Person, int Endpoint, short Status, long Latency, long RequestSize, long ResponseSize, string? Name,
        int Product);

    (DateTime Time, Guid Id) after;
    List<Row> read = [];

    public override IReadOnlyList<Section> Sections { get; } = [RequestFacts.Section, RequestFacts.Minutes, RequestFacts.Products];

    public override Task BeginAsync(long from, CancellationToken cancel)
    {
        after = (Sql.TimeOf(from), Guid.Empty);
        return Task.CompletedTask;
    }

    public override async Task<long?> ReadAsync(CancellationToken cancel)
    {
        read = await snapshot.ReadAsync(RequestsSql, [after.Time, after.Id, RequestsAtOnce], Of, cancel);
        if (read.Count == 0)
            return null;
        after = (Sql.TimeOf(read[^1].Timestamp), read[^1].Id);
        return read[^1].Timestamp;
    }

    public override Task<int> CountAsync(long to, Action<Entry> add, CancellationToken cancel)
    {
        var batch = read.TakeWhile(request => request.Timestamp < to).ToList();
        foreach (var request in batch)
        {
            if (EventId.TimestampOf(request.Id) != request.Timestamp)
                log.Add("requests", $"request {request.Id}", "timestamp", Sql.TimeOf(request.Timestamp), EventId.TimeOf(request.Id));
            add(EntryOf(RequestFacts.Section, request, request.Person, (request.Endpoint * 1024) + request.Status));
            add(EntryOf(RequestFacts.Minutes, request, 0, request.Status));
            if (request.Product != 0)
                add(new(RequestFacts.Products, KeyOf(RequestFacts.Products, request, 0, request.Product), (RequestFacts.Requests, 1)));
        }

        return Task.FromResult(batch.Count);
    }

    public override Task TimesAsync(Section section, Rollup rollup, Action<FactKey, long, long> each, CancellationToken cancel) =>
        Task.CompletedTask; // nobody asks when something was requested first

    Entry EntryOf(Section section, Row request, int first, int second)
    {
        var key = KeyOf(section, request, first, second);
        return request.Status / 100 == 1
            ? new(section, key, (RequestFacts.Requests, 1), (RequestFacts.Informational, 1))
            : Measured(section, key, request);
    }

    FactKey KeyOf(Section section, Row request, int first, int second) =>
        new(first, snapshot.Calendar.SlotOf(section.Finest, request.Timestamp), second);

    static Entry Measured(Section section, FactKey key, Row request) => new(
        section, key,
        (RequestFacts.Requests, 1),
        (RequestFacts.ServerErrors, request.Status / 100 == 5 ? 1 : 0),
        (RequestFacts.Latency, (Int128)request.Latency * 1_000_000_000),
        (RequestFacts.ResponseBytes, request.ResponseSize),
        (RequestFacts.RequestBytes, request.RequestSize),
        (RequestFacts.ClientErrors, request.Status / 100 == 4 ? 1 : 0),
        (RequestFacts.Slow, request.Latency > 1_000_000 ? 1 : 0))
    {
        Values = new Dictionary<short, Int128> { [RequestFacts.LatencyField] = (Int128)request.Latency * 1_000_000_000 },
    };

    static Row Of(NpgsqlDataReader row) => new(
        row.Microseconds(0), row.GetGuid(1), row.GetInt32(2), row.GetInt32(3), row.GetInt16(4), row.GetInt64(5), row.GetInt64(6),
        row.GetInt64(7), RequestId.Unpack(row.GetFieldValue<byte[]>(8)), row.GetInt32(9));
}
