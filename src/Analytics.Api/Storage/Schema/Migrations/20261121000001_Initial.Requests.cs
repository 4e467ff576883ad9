namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Requests = """
        -- API requests: narrow rows without nulls, widest columns first, so that none pays for alignment or for a map of nulls. A text
        -- that comes again and again has a number in request_texts, 0 for none.
        create table requests (
            timestamp timestamptz not null,
            latency bigint not null,            -- microseconds
            request_size bigint not null,
            response_size bigint not null,
            commit bigint not null,             -- what it came with: exports end at one
            workspace_id int not null,
            person int not null,
            endpoint int not null,              -- 1: one of those that the day had no room for
            product int not null,
            api_key int not null,
            agent int not null,
            status smallint not null,
            has_route boolean not null,         -- whether the endpoint is made of a route that was sent
            id uuid not null,                   -- as those of events: a UUIDv7 of the request's own time
            method text not null,
            path text not null,
            route text not null,                -- where the endpoint does not say it
            address bytea not null,             -- 3 bytes of an IPv4 address, 6 of an IPv6 one
            request_id bytea not null,          -- UTF-8, or a zero and the 16 bytes of a UUID
            primary key (workspace_id, timestamp, id)
        ) partition by range (timestamp);
        -- The slowest of a quarter hour stand together.
        create index requests_slow on requests (
            workspace_id, date_bin('15 minutes', timestamp, '2000-01-01Z'::timestamptz), latency desc)
            where latency > 1000000;
        create table requests_default partition of requests default;

        -- Endpoints, products, API keys and user agents that requests name. Of the last two it is kept who named them, until they are many
        -- or nobody did: a text that only erased people named goes with them.
        create table request_texts (
            workspace_id int not null,
            kind smallint not null,
            number int not null,
            hash uuid not null,
            people int[],
            text text not null,
            primary key (workspace_id, kind, number),
            unique (workspace_id, kind, hash)
        );
        create index on request_texts using gin (people) where people is not null;

        -- Which endpoints count by themselves on a day, in UTC and in days since 2000. What portal keys send has a space of their
        -- customer's.
        create table endpoint_days (
            workspace_id int not null,
            day int not null,
            portal uuid not null,
            endpoint int not null,
            primary key (workspace_id, day, portal, endpoint)
        );
        """;
}
