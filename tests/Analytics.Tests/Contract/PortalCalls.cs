namespace Analytics.Tests.Contract;

/// <summary>A call to a route: what follows its path, and a body.</summary>
sealed record PortalCall(string Path, string? Body);

/// <summary>What a portal key asks of the routes that are open to it.</summary>
static class PortalCalls
{
    const string March = "start_date=2026-03-01&end_date=2026-03-31";

    // Of the sixty requests that A made, cut within a quarter hour.
    const string Called = "from=2026-03-11T00:07:33.5Z&to=2026-03-11T06:50:00.000001Z";

    /// <summary>The calls of each route that is open; what <c>{}</c> stands for is looked up in either world.</summary>
    public static readonly Dictionary<string, PortalCall[]> All = new()
    {
        ["GET /api/customers"] = [Get(""), Get("?q=ann"), Get("?external_id=b"), Get("?external_id=a&external_id=b"), Get("?sort=name&limit=1")],
        ["GET /api/customers/{id}"] = [Get("/{customer}"), Get("/{other customer}")],
        ["PATCH /api/customers/{id}"] = [new("/{customer}", """{"name":"Anna"}"""), new("/{other customer}", """{"name":"X"}"""), new("/{customer}", """{"external_id":"b"}""")],
        ["GET /api/event-types"] = [Get(""), Get("?root_events=true"), Get("?q=run&sort=-occurrences"), Get("?customer_id={other customer}"), Get("?sort=last_seen&limit=1"), Get("?source=system")],
        ["GET /api/event-types/{id}"] = [Get("/{type}"), Get("/{other type}")],
        ["GET /api/events/names"] = [Get("?sort=name"), Get("?root_events=true&sort=name"), Get("?sort=first_seen&limit=2")],
        ["GET /api/events"] =
        [
            Get("?limit=1000"), Get("?root=true"), Get("?root=false&source=user"), Get("?aggregate_fields=_cost.amount&aggregate_fields=n&aggregate_fields=m&limit=1000"),
            Get("?parent_id={ra}"), Get("?parent_id={other event}"), Get("?customer_id={other customer}"), Get("?external_customer_id=b"), Get("?name=run"),
            Get("?name=only.bs"), Get("?metadata[n]=5"), Get("?metadata[n]=1"), Get("?metadata[share_id]=s"), Get("?q=run&limit=3"), Get("?event_type_id={other type}"),
            .. from sort in (string[])["root_id", "parent_id", "pending_parent_id", "child_count", "descendant_count", "external_id", "name", "customer_id"]
               from sign in (string[])["", "-"]
               select Get($"?limit=1000&source=user&sort={sign}{sort}"),
        ],
        ["GET /api/events/{id}"] = [.. from name in (string[])["ra", "ca", "ab", "deep", "inv-1", "other event"] select Get($"/{{{name}}}?aggregate_fields=_cost.amount")],
        ["POST /api/events/ingest"] =
        [
            Post("""
                {"events":[{"name":"run","external_id":"late"},{"name":"run","external_id":"b-under-ra","timestamp":"2026-03-13T00:00:00Z"},
                {"name":"run","external_id":"rb","parent_id":"inv-1","timestamp":"2026-03-14T00:00:00Z"}]}
                """),
            Post("""{"events":[{"name":"run","customer_id":"{other customer}"}]}"""),
            Post("""{"events":[{"name":"run","parent_id":"{other event}","external_id":"z","timestamp":"2026-03-15T00:00:00Z"}]}"""),
        ],
        ["POST /api/requests/ingest"] =
        [
            Post("""{"requests":[{"method":"GET","path":"/x","statusCode":200,"latencyMs":1,"requestId":"inv-1"},{"method":"GET","path":"/x","statusCode":200,"latencyMs":1,"requestId":"inv-1"}]}"""),
            Post("""{"requests":[{"method":"GET","path":"/x","statusCode":200,"latencyMs":1,"customerId":"b"}]}"""),
            Post("""{"requests":[{"method":"GET","path":"/x","statusCode":200,"latencyMs":1,"customerId":"{other customer}"}]}"""),
        ],
        ["GET /api/events/statistics/timeseries"] =
        [
            Get($"?{March}&interval=month&sort=name"), Get($"?{March}&interval=day&aggregate_fields=_cost.amount&aggregate_fields=n&sort=-p90"),
            Get($"?{March}&interval=week&aggregate_fields=m&sort=name"), Get($"?{March}&interval=month&metadata[n]=5"), Get($"?{March}&interval=month&customer_id={{other customer}}"),
            Get($"?{March}&interval=month&external_customer_id=b"), Get($"?{March}&interval=month&source=system&sort=name"), Get($"?{March}&interval=month&name=only.bs"),
        ],
        ["GET /api/metrics"] =
        [
            Get($"?{March}&interval=month"), Get($"?{March}&interval=day&compare=previous_period"), Get($"?{March}&interval=month&share_id=s"), Get($"?{March}&interval=month&share_id=sb"),
            Get($"?{March}&interval=month&customer_id={{other customer}}"), Get($"?{March}&interval=month&external_customer_id=b"), Get($"?{March}&interval=month&format=csv"),
        ],
        ["GET /api/metrics/limits"] = [Get("")],
        ["GET /api/requests/dashboard"] = [Get("?date=2026-03-11"), Get(""), Get("?date=2026-03-11&timezone=Asia/Kathmandu&format=csv")],
        ["GET /api/requests/timeseries"] =
        [
            Get($"?{Called}&interval=hour"), Get($"?{Called}&interval=day&timezone=Europe/Paris"), Get($"?{Called}&interval=minute"),
            .. from interval in (string[])["minute", "hour"]
               from filter in (string[])["endpoint=GET:/a/1", "endpoint=GET:/b/1", "customerId=a", "customerId=b", "customerId={other customer}", "customerId=anonymous"]
               select Get($"?{Called}&interval={interval}&{filter}"),
        ],
        ["GET /api/requests/endpoints"] =
        [
            Get($"?{Called}"), Get($"?{Called}&q=B"), Get($"?{Called}&sort=-p95&limit=2"), Get($"?{Called}&sort=customers&limit=1"), Get($"?{Called}&format=csv"),
        ],
        ["GET /api/requests/latency"] = [Get($"?{Called}"), Get("?date=2026-03-11&endpoint=GET:/a/1"), Get($"?{Called}&endpoint=GET:/b/1"), Get("")],
        ["GET /api/requests/heatmap"] =
        [
            Get($"?{Called}"), Get($"?{Called}&measure=p95"), Get($"?{Called}&by=endpoint"), Get($"?{Called}&by=endpoint&endpoint=GET:/a/1&measure=errorRate"),
            Get($"?{Called}&endpoint=GET:/b/1"),
        ],
        ["GET /api/requests/recent"] =
        [
            Get("?from=2026-03-11&to=2026-03-12&limit=1000"), Get("?from=2026-03-11&to=2026-03-12&customerId=b&customerId=anonymous"),
            Get("?from=2026-03-11&to=2026-03-12&status=500&endpoint=GET:/a/1&endpoint=GET:/b/1"), Get("?from=2026-03-11&to=2026-03-12&customerId={other customer}"),
            Get("?from=2026-03-11&to=2026-03-12&limit=7&format=csv"), Get("?from=2026-03-11&to=2026-03-12&apiKeyId=key-b"),
        ],
        ["GET /api/requests/slow"] = [Get("?date=2026-03-11"), Get("?date=2026-03-11&limit=1"), Get("")],
        ["GET /api/requests/customers"] =
            [Get("?from=2026-03-11T00:07:33.5Z&to=2026-03-12"), Get("?from=2026-03-11&to=2026-03-12&sort=-costCents&limit=1"), Get("")],
        ["GET /api/v1/analytics/cogs"] =
        [
            Get("?from=2026-03-11&to=2026-03-12"), Get("?from=2026-03-11&to=2026-03-12&groupBy=product&groupBy=customer"),
            Get("?from=2026-03-11T00:07:33.5Z&to=2026-03-12&groupBy=model&format=csv"), Get("?from=2026-03-11&to=2026-03-12&customer=b"),
            Get("?from=2026-03-11&to=2026-03-12&groupBy=subscription&customer={other customer}"), Get("?groupBy=category"),
        ],
        ["POST /api/v1/analytics/query"] =
        [
            Query(""" "metrics":[{"aggregation":"count"},{"aggregation":"sum","field":"n"}],"dimensions":["name","customer"] """),
            Query(""" "metrics":[{"aggregation":"unique","field":"customer"},{"aggregation":"p90","field":"_cost.amount"}],"interval":"day" """),
            Query(""" "metrics":[{"aggregation":"count"}],"filters":[{"field":"customer","operator":"EQUALS","value":"b"}] """),
            Query(""" "dataset":"requests","metrics":[{"aggregation":"count"},{"aggregation":"p99","field":"latencyMs"}],"dimensions":["endpoint"] """),
            Query(""" "dataset":"requests","metrics":[{"aggregation":"unique","field":"apiKeyId"}],"dimensions":["customer","productId"] """),
        ],
        ["GET /api/requests/customers/{customerId}/report"] =
            [Get("/a/report?days=365"), Get("/{customer}/report?days=365&format=csv"), Get("/b/report"), Get("/anonymous/report"), Get("/{other customer}/report?format=html")],
        ["POST /api/requests/customers/{customerId}/report/links"] =
            [new("/a/report/links", null), new("/{other customer}/report/links", """{"expiresAt":"2020-01-01T00:00:00Z"}""")],
        ["GET /api/requests/reports/{link}"] = [Get("/{link to a}"), Get("/{link to a}?format=csv"), Get("/{link to b}"), Get("/link_none")],
        // No portal key makes one that could be opened.
        ["GET /api/v1/analytics/reports/links/{link}"] = [Get("/{link to a}"), Get("/link_none")],
        ["GET /api/export/{kind}"] =
        [
            Get("/events"), Get("/events?from=2026-03-11&to=2026-03-12&format=csv"), Get("/requests?from=2026-03-11&to=2026-03-12"), Get("/requests?format=csv"),
            Get("/views"), Get("/storage"), Get("/nothing"),
        ],
        // Events and requests of one instant stand in the order of their ids, which are random: between such instants.
        ["GET /api/v1/events"] =
        [
            .. from between in (string[])["?from=2026-03-11T00:01:00Z&to=2026-03-11T00:13:59Z", "?from=2026-03-11T00:15:00Z&to=2026-03-11T00:27:00Z"]
               from filter in (string[])["", "&type=run&limit=2", "&severity=WARN", "&category=API&q=x", "&actor=k&targetType=endpoint", "&correlationId=inv-1"]
               select Get(between + filter),
        ],
        ["GET /api/v1/billable-units"] = [Get(""), Get("?sort=-name&limit=1"), Get("?format=csv")],
        ["GET /api/v1/billable-units/{key}"] = [Get("/SUM"), Get("/none")],
        ["GET /api/v1/products"] = [Get("")],
        ["GET /api/v1/products/{key}"] = [Get("/none")],
        ["GET /api/v1/analytics/usage/by-billable-unit"] =
        [
            Get("?from=2026-03-01&to=2026-04-01"), Get("?from=2026-03-01&to=2026-04-01&format=csv"), Get($"?{Called}&timezone=Asia/Kathmandu"),
            Get("?from=2026-03-11T00:02:00.5Z&to=2026-03-11T00:31:00Z"),
        ],
        ["GET /api/v1/analytics/usage/by-customer"] =
            [Get("?from=2026-03-01&to=2026-04-01"), Get($"?{Called}&sort=name"), Get("?from=2026-03-01&to=2026-04-01&format=csv")],
        ["GET /api/export/log"] =
            [Get("?from=2026-03-11T00:01:00Z&to=2026-03-11T00:13:59Z"), Get("?from=2026-03-11T00:15:00Z&to=2026-03-11T00:27:00Z&format=csv")],
        ["POST /api/stream/tokens"] = [Post(null)],
        ["GET /api/session"] = [Get(""), Get("?format=csv")],
        ["POST /api/session/codes"] = [Post(null), Post("""{"expires_in":60}"""), Post("""{"expires_in":0}""")],
        // What streams send is compared while it comes.
        ["GET /api/stream/workspaces/{id}"] = [],
        ["GET /api/v1/events/stream"] = [],
    };

    static PortalCall Get(string path) => new(path, null);

    static PortalCall Post(string? body) => new("", body);

    static PortalCall Query(string members) => Post($$"""{"from":"2026-03-01","to":"2026-04-01",{{members}}}""");
}
