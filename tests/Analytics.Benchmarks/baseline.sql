-- Bare Postgres, the yardstick: the service's events table, partitioned by month with the same primary key, and the
-- deduplication key with its index. No rollups, no hierarchy and no shares (so no index on either), no sequence, no tenants.

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
    primary key (workspace_id, timestamp, id)
) partition by range (timestamp);

create table events_default partition of events default;

-- A year back and two months ahead, as the service makes them.
do $$
declare
    month timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
    first timestamptz;
begin
    for back in -2 .. 12 loop
        first := (month at time zone 'UTC' - make_interval(months => back)) at time zone 'UTC';
        execute format(
            'create table %I partition of events for values from (%L) to (%L)',
            'events_' || to_char(first at time zone 'UTC', 'YYYY_MM'),
            first,
            (first at time zone 'UTC' + interval '1 month') at time zone 'UTC');
    end loop;
end
$$;
