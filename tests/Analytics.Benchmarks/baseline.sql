-- Bare Postgres, the yardstick: the service's tables of events, of API requests and of facts of apps, partitioned by month with the same
-- primary keys, and the deduplication key with its index. No rollups, no numbers of texts, viewers and devices, no hierarchy, no shares,
-- no slow requests, no list of an app's invocations (so no index on any of them), no sequence, no tenants.

create table event_keys (
    workspace_id int not null,
    kind smallint not null,
    hash uuid not null,
    id uuid not null,
    primary key (workspace_id, kind, hash)
);

create table events (
    workspace_id int not null,
    type int not null,
    timestamp timestamptz not null,
    id uuid not null,
    seq bigint not null,
    ingested_at timestamptz not null,
    person int,
    parent uuid,
    trace uuid,
    external_id text,
    parent_ref text,
    metadata jsonb,
    share int,
    portal uuid,
    primary key (workspace_id, timestamp, id)
) partition by range (timestamp);

create table requests (
    timestamp timestamptz not null,
    latency bigint not null,
    request_size bigint not null,
    response_size bigint not null,
    commit bigint not null,
    workspace_id int not null,
    person int not null,
    endpoint int not null,
    product int not null,
    api_key int not null,
    agent int not null,
    status smallint not null,
    has_route boolean not null,
    id uuid not null,
    method text not null,
    path text not null,
    route text not null,
    address bytea not null,
    request_id bytea not null,
    primary key (workspace_id, timestamp, id)
) partition by range (timestamp);

create table app_facts (
    timestamp timestamptz not null,
    id bigint not null,
    amount bigint,
    commit bigint not null,
    workspace_id int not null,
    app int not null,
    subject int not null,
    kind smallint not null,
    primary key (workspace_id, timestamp, id)
) partition by range (timestamp);

create table invocations (
    timestamp timestamptz not null,
    id bigint not null,
    duration bigint not null,
    memory bigint not null,
    commit bigint not null,
    workspace_id int not null,
    app int not null,
    status smallint not null,
    method text not null,
    path text not null,
    username text not null,
    error text not null,
    primary key (workspace_id, timestamp, id)
) partition by range (timestamp);

create table events_default partition of events default;
create table requests_default partition of requests default;
create table app_facts_default partition of app_facts default;
create table invocations_default partition of invocations default;

-- A year back and two months ahead, as the service makes them.
do $$
declare
    month timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
    first timestamptz;
    parent text;
begin
    for back in -2 .. 12 loop
        first := (month at time zone 'UTC' - make_interval(months => back)) at time zone 'UTC';
        foreach parent in array array['events', 'requests', 'app_facts', 'invocations'] loop
            execute format(
                'create table %I partition of %I for values from (%L) to (%L)',
                parent || '_' || to_char(first at time zone 'UTC', 'YYYY_MM'),
                parent,
                first,
                (first at time zone 'UTC' + interval '1 month') at time zone 'UTC');
        end loop;
    end loop;
end
$$;
