using System.Text;
using Analytics.Features.Requests;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage.Requests;

/// <summary>Requests are written, counted, compacted, recounted and verified; a day has room for so many endpoints.</summary>
public sealed class RequestKindTests(AnalyticsApi api)
{
    static readonly DateTimeOffset Day = Some.Day;

    static readonly Rollup[] Rollups = [.. RequestCells.RollupsOfFilters, RequestRollups.Endpoints, RequestRollups.Callers];

    [Fact]
    public async Task Requests_are_counted_by_endpoint_status_person_and_minute()
    {
        var (client, workspace) = await NewWorkspaceAsync("Asia/Kathmandu");
        var random = new Random(7);
        var requests = Enumerable.Range(0, 3_000).Select(number => Request(
            number, Day.AddSeconds(random.Next(-900_000, 900_000)).AddMicroseconds(random.Next(1_000_000)), $"GET:/things/{random.Next(9)}",
            (short)(random.Next(5) switch { 0 => 404, 1 => 503, 2 => 302, _ => 200 }), random.Next(3_000_000), $"customer-{random.Next(12)}",
            random.Next(100_000))).ToList();
        foreach (var part in requests.Chunk(400))
            Assert.Equal((part.Length, 1), await WriteAsync(workspace, [.. part, part[0]]));
        var upkeep = await Upkeep.OfAsync(client);
        var (from, to) = (Day.AddHours(-61).AddMicroseconds(7), Day.AddHours(80).AddSeconds(33.5));

        var expected = Expected(requests, from, to);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(expected, await ReadAsync(workspace, from, to));
            await VerifyRun.OfAsync(client, 0);
            await upkeep.CompactAsync();
        }

        await upkeep.RebuildAsync();
        Assert.Equal(expected, await ReadAsync(workspace, from, to));
        await VerifyRun.OfAsync(client, 0);
        Assert.Equal((0, requests.Count), await WriteAsync(workspace, requests));
    }

    [Fact]
    public async Task Minutes_of_all_requests_come_from_cells_and_those_of_one_endpoint_from_rows()
    {
        var (_, workspace) = await NewWorkspaceAsync();
        var random = new Random(3);
        var requests = Enumerable.Range(0, 500).Select(number => Request(
            number, Day.AddSeconds(random.Next(3_600)), $"GET:/{number % 3}", 200, 1 + random.Next(5_000_000), "ann", 5)).ToList();
        await WriteAsync(workspace, requests);
        var range = new TimeRange(Day.AddSeconds(90.25), Day.AddMinutes(50).AddSeconds(1), Zones.Find("UTC", []));
        var buckets = Buckets.Of(range, Interval.Minute);
        await using var snapshot = await RollupSnapshot.OpenAsync(api.Store, workspace.Key, Rollups, default);
        var endpoint = await new RequestTexts(snapshot.Connection, workspace).NumbersAsync(RequestText.Endpoint, ["GET:/1"], default);

        var all = await new RequestCells(snapshot).ByBucketAsync(buckets, RequestFilter.None, RequestCells.Parts(percentiles: true), default);
        var some = await new RawRequests(snapshot.Connection, workspace.Key).ByBucketAsync(buckets, new(null, endpoint), default);

        Assert.Equal(Words(requests, buckets), all.Select(Words));
        Assert.Equal(Words(requests.Where(request => request.Index % 3 == 1), buckets), some.Select(Words));
    }

    [Fact]
    public async Task A_day_has_room_for_two_thousand_endpoints_and_the_others_count_as_one()
    {
        var (client, workspace) = await NewWorkspaceAsync();
        var requests = Enumerable.Range(0, 5_000)
            .Select(number => Request(number, Day.AddSeconds(number), $"GET:/slugs/{number}", 200, 1_000, "ann", 1)).ToList();
        foreach (var part in requests.Chunk(900))
            await WriteAsync(workspace, part);
        await WriteAsync(workspace, [Request(5_000, Day.AddDays(1), "GET:/slugs/4999", 200, 1_000, "ann", 1)]);
        await WriteAsync(workspace, [Request(5_001, Day.AddHours(2), "GET:/slugs/4999", 200, 1_000, "ann", 1)]);
        await WriteAsync(workspace, [Request(5_002, Day.AddHours(2), "GET:/slugs/7", 200, 1_000, "ann", 1)]);
        var upkeep = await Upkeep.OfAsync(client);

        var before = await EndpointsAsync(workspace, Day, Day.AddDays(1));
        await upkeep.RebuildAsync();

        Assert.Equal(2_001, before.Count);
        Assert.Equal(3_001, before["__other__"]);
        Assert.Equal(2, before["GET:/slugs/7"]);
        Assert.Equal(before, await EndpointsAsync(workspace, Day, Day.AddDays(1)));
        Assert.Equal(1, (await EndpointsAsync(workspace, Day.AddDays(1), Day.AddDays(2)))["GET:/slugs/4999"]);
        await VerifyRun.OfAsync(client, 0);
    }

    [Fact]
    public async Task A_full_day_keeps_endpoints_that_another_writer_gave_their_numbers()
    {
        var (_, workspace) = await NewWorkspaceAsync();
        await WriteAsync(workspace, [.. Enumerable.Range(0, 2_000).Select(number => Request(number, Day, $"GET:/own/{number}", 200, 1, "ann", 1))]);
        await using var connection = await api.Store.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var other = new EndpointNumbers(connection, workspace.Key, workspace.HashKey, new RequestNames());

        Assert.NotEqual(RequestFacts.OtherEndpoint, await NumberAsync("GET:/own/7"));
        // The day is known by now, the endpoint is not.
        Assert.NotEqual(RequestFacts.OtherEndpoint, await NumberAsync("GET:/own/8"));
        Assert.Equal(RequestFacts.OtherEndpoint, await NumberAsync("GET:/own/2000"));

        async Task<int> NumberAsync(string endpoint)
        {
            var request = new NewRequest(new WriteRequest(workspace, [], false, default), Request(0, Day, endpoint, 200, 1, "ann", 1));
            await other.AssignAsync([request], default);
            return request.Endpoint;
        }
    }

    [Fact]
    public async Task What_a_portal_key_sends_takes_no_room_from_the_backend()
    {
        var (client, workspace) = await NewWorkspaceAsync();
        var customer = await client.NewCustomerAsync("acme");
        await WriteAsync(workspace, [.. Enumerable.Range(0, 2_500)
            .Select(number => Request(number, Day, $"GET:/portal/{number}", 200, 1, "", 1, customer))]);
        await WriteAsync(workspace, [.. Enumerable.Range(0, 2_000).Select(number => Request(number, Day, $"GET:/own/{number}", 200, 1, "bob", 1))]);

        var endpoints = await EndpointsAsync(workspace, Day, Day.AddDays(1));

        Assert.Equal(4_001, endpoints.Count);
        Assert.Equal(500, endpoints["__other__"]);
        await VerifyRun.OfAsync(client, 0);
    }

    static IncomingRequest Request(
        int number, DateTimeOffset at, string endpoint, short status, long latency, string customer, long size, Guid? portal = null) => new()
    {
        Index = number,
        Timestamp = Rfc3339.Microseconds(at),
        ExternalCustomerId = Encoding.UTF8.GetBytes(customer),
        CustomerId = portal,
        Portal = portal,
        ExternalId = Encoding.UTF8.GetBytes(number % 2 == 0 ? $"request-{number}" : new Guid(number, 1, 2, new byte[8]).ToString()),
        KeyKind = KeyKind.Request,
        Method = "GET"u8.ToArray(),
        Path = "/things/1"u8.ToArray(),
        Endpoint = Encoding.UTF8.GetBytes(endpoint),
        Status = status,
        Latency = latency,
        RequestSize = size / 7,
        ResponseSize = size,
        UserAgent = Encoding.UTF8.GetBytes($"agent {number % 5}"),
    };

    static string Expected(List<IncomingRequest> requests, DateTimeOffset from, DateTimeOffset to) => string.Join('\n', requests
        .Where(request => request.Timestamp >= Rfc3339.Microseconds(from) && request.Timestamp < Rfc3339.Microseconds(to))
        .GroupBy(request => Encoding.UTF8.GetString(request.Endpoint.Span)).OrderBy(endpoint => endpoint.Key, StringComparer.Ordinal)
        .Select(endpoint => (endpoint.Key, All: endpoint.ToList(), Measured: endpoint.Where(one => one.Status >= 200).ToList()))
        .Select(endpoint => $"{endpoint.Key}: {endpoint.All.Count} {endpoint.All.Count(one => one.Status >= 500)} "
            + $"{endpoint.All.Count(one => one.Status is >= 400 and < 500)} {endpoint.Measured.Sum(one => one.ResponseSize)} "
            + $"{endpoint.Measured.Sum(one => one.RequestSize)} {endpoint.Measured.Max(one => one.Latency)} "
            + $"{endpoint.Measured.Min(one => one.Latency)} "
            + $"{endpoint.All.Select(one => Encoding.UTF8.GetString(one.ExternalCustomerId.Span)).Distinct().Count()}"));

    async Task<string> ReadAsync(Workspace workspace, DateTimeOffset from, DateTimeOffset to)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(api.Store, workspace.Key, Rollups, default);
        var (cells, texts) = (new RequestCells(snapshot), new RequestTexts(snapshot.Connection, workspace));
        var range = new Bucket(from, to, from, to);
        var endpoints = await cells.ByEndpointAsync(range, RequestFilter.None, RequestCells.Parts(percentiles: true, people: true), default);
        var names = await texts.OfAsync(RequestText.Endpoint, endpoints.Keys, default);
        foreach (var (number, total) in endpoints)
        {
            var alone = await cells.ByBucketAsync([range], new(null, [number]), RequestCells.Parts(percentiles: true), default);
            Assert.Equal((total.Count, total.Percentile(95), total.Longest), (alone[0].Count, alone[0].Percentile(95), alone[0].Longest));
        }

        var all = (await cells.ByBucketAsync([range], RequestFilter.None, RequestCells.Parts(percentiles: true), default))[0];
        Assert.Equal(endpoints.Values.Sum(total => total.Count), all.Count);
        Assert.Equal(all.Count, (await cells.ByPersonAsync(range, null, default)).Values.Sum(total => total.Count));
        var people = await texts.PeopleAsync([.. Enumerable.Range(0, 12).Select(number => $"customer-{number}")], default);
        var theirs = await cells.ByEndpointAsync(range, new(people, null), RequestCells.Parts(percentiles: true), default);
        Assert.Equal(
            endpoints.OrderBy(one => one.Key).Select(one => (one.Key, one.Value.Count, one.Value.Percentile(99))),
            theirs.OrderBy(one => one.Key).Select(one => (one.Key, one.Value.Count, one.Value.Percentile(99))));
        return string.Join('\n', endpoints.OrderBy(one => names[one.Key], StringComparer.Ordinal).Select(one =>
            $"{names[one.Key]}: {one.Value.Count} {one.Value.ServerErrors} {one.Value.ClientErrors} {one.Value.Cell[RequestFacts.ResponseBytes]} "
            + $"{one.Value.Cell[RequestFacts.RequestBytes]} {one.Value.Longest.Units / 1_000_000_000} {one.Value.Shortest.Units / 1_000_000_000} "
            + $"{one.Value.Cell.Set?.Count}"));
    }

    async Task<SortedDictionary<string, long>> EndpointsAsync(Workspace workspace, DateTimeOffset from, DateTimeOffset to)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(api.Store, workspace.Key, Rollups, default);
        var endpoints = await new RequestCells(snapshot).ByEndpointAsync(
            new Bucket(from, to, from, to), RequestFilter.None, RequestCells.Parts(percentiles: false), default);
        var names = await new RequestTexts(snapshot.Connection, workspace).OfAsync(RequestText.Endpoint, endpoints.Keys, default);
        return new(endpoints.ToDictionary(one => names[one.Key], one => one.Value.Count), StringComparer.Ordinal);
    }

    static IEnumerable<string> Words(IEnumerable<IncomingRequest> requests, IReadOnlyList<Bucket> buckets) => buckets.Select(bucket =>
    {
        var within = requests.Where(one => one.Timestamp >= Rfc3339.Microseconds(bucket.From) && one.Timestamp < Rfc3339.Microseconds(bucket.To))
            .Select(one => one.Latency).Order().ToList();
        var middle = within.Count == 0 ? 0 : (within[(within.Count - 1) / 2] + within[within.Count / 2]) / 2m;
        return $"{within.Count} {middle / 1_000:0.#####}";
    });

    static string Words(RequestTotals totals) => $"{totals.Count} {(decimal)totals.Percentile(50).Units / 1_000_000_000_000:0.#####}";

    async Task<(int, int)> WriteAsync(Workspace workspace, IReadOnlyList<IncomingFact> facts)
    {
        var result = await api.Services.GetRequiredService<FactWriter>().WriteAsync(workspace, facts, partial: false, default);
        return (result.Inserted, result.Duplicates);
    }

    async Task<(WorkspaceClient, Workspace)> NewWorkspaceAsync(string timezone = "UTC")
    {
        var client = await api.NewWorkspaceAsync(timezone);
        var directory = api.Services.GetRequiredService<TenantDirectory>();
        return (client, (await directory.WorkspaceAsync(await Commands.RandomLife.KeyOfAsync(client)))!);
    }
}
