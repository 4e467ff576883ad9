using Analytics.Storage.Facts;

namespace Analytics.Storage.Requests;

/// <summary>API requests that a product's backend answered.</summary>
sealed class RequestKind() : FactKind("requests", RequestFacts.Section, RequestFacts.Minutes, RequestFacts.Products)
{
    const string RequestsSql = """
        select timestamp, person, endpoint, status, latency, request_size, response_size, product
        from requests
        where workspace_id = $1
          and timestamp >= $2
          and timestamp < $3
        """;

    public override async Task RecountAsync(RawCount count, CancellationToken cancel)
    {
        if (count.Fields is not null)
            return; // those are of events
        var counted = new RequestCount();
        await count.EachAsync(
            $"{RequestsSql} {count.AndOfPeople("person")}",
            row => counted.Add(new CountedRequest(
                row.Microseconds(0), row.GetInt32(1), row.GetInt32(2), row.GetInt16(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
                row.GetInt32(7))),
            () => GiveAsync(count, counted), cancel);
    }

    static async Task GiveAsync(RawCount count, RequestCount counted)
    {
        foreach (var (section, facts, data) in counted.Pack(count.Only))
            if (facts > 0)
                await count.Add(section, data);
        counted.Clear();
    }
}
