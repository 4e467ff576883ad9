namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Facts = """
        -- One narrow row a workspace: the lock every writer takes, and the counters it hands out under it.
        create table workspace_seq (
            workspace_id int primary key,
            seq bigint not null default 0,       -- number of the last event committed: where streams of events are
            log_seq bigint not null default 0,   -- number of the last fact in the log, whatever its kind: where the log's streams are
            commits bigint not null default 0,   -- number of the last commit of any facts: what deltas, runs and rebuilds go by
            people int not null default 0,       -- last person handed out
            types int not null default 0,        -- last event type handed out
            fields smallint not null,            -- last registered numeric field
            unready smallint not null default 0, -- registered fields whose backfill is not done
            units int not null default 0,        -- rises when billable units change, so that writers read them again
            version int not null default 0,      -- rises when a person's ids change, so that nodes forget what they cached
            rollup_zone text not null default 'UTC', -- the zone of the rollups' local days
            barrier bigint,                      -- set while a rebuild recounts everything up to this commit
            shares int not null default 0,       -- last share handed out
            horizon timestamptz                  -- raw events before it are gone: rollups of those days are sealed
        ) with (fillfactor = 40);

        create table event_types (
            workspace_id int not null,
            type int not null,
            id uuid not null,
            name text not null,
            label text not null,
            label_property_selector text,
            source smallint not null,
            created_at timestamptz not null,
            primary key (workspace_id, type),
            unique (workspace_id, id),
            unique (workspace_id, name)
        );

        -- Deduplication, for ever. The hash is keyed by the workspace, so it survives erasure where the text may not. What a portal
        -- key sends is hashed with its customer, so that it never meets the ids of others.
        create table event_keys (
            workspace_id int not null,
            kind smallint not null,
            hash uuid not null,
            id uuid not null,
            primary key (workspace_id, kind, hash)
        );

        -- id is a UUIDv7 of the event's own time to the microsecond, so that (timestamp, id) follows from id alone.
        -- parent is the parent's id, or, when the parent was not there yet, the hash (a UUIDv8) of its external id.
        -- trace is the trace node (trace_nodes.id) the event joined when it came; null for an event that came without a parent.
        -- share is the one named in metadata.share_id, whatever the event's name.
        -- portal is the customer whose portal key sent the event: external_id and parent_ref are names in that customer's own space.
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
            cost_key int,           -- of what costs something: by what that is told apart
            usage int[],            -- what is kept of an erased person's event: what it counts for under billable units
            subscription uuid,      -- the key of the one a cost names that names no customer
            primary key (workspace_id, timestamp, id)
        ) partition by range (timestamp);
        create index events_parent on events (workspace_id, parent) where parent is not null;
        create index events_share on events (workspace_id, share) where share is not null;
        create index events_subscription on events (workspace_id, subscription) where subscription is not null;
        create table events_default partition of events default;

        -- Numeric metadata paths that rollups know. The first five are the same everywhere and built in.
        create table fields (
            workspace_id int not null,
            field smallint not null,
            path text not null,
            ready boolean not null,
            created_at timestamptz not null,
            primary key (workspace_id, field),
            unique (workspace_id, path)
        );
        """;

    const string Traces = """
        -- Union-find, by size, over the nodes of traces. A row's id is that of a root event with children, or the hash of a parent
        -- that was named before it came. Of two nodes that are joined the one with fewer members points to the other: no way up
        -- is longer than log2 of a trace's members. The node at its end stands for the trace, and only its row says more than up.
        create table trace_nodes (
            workspace_id int not null,
            id uuid not null,
            up uuid,
            root uuid,              -- the root's id; the hash it was named by while it is pending
            type int,               -- the root's; null while it is pending
            person int,             -- the root's, 0 for nobody; a member's while the root is pending
            mixed boolean not null, -- whether some member is of another person
            members int not null,
            fields smallint not null, -- the last registered field that is in the sums
            sums bytea not null,      -- over all members
            seq bigint not null,      -- the last event that there was when the trace grew last
            primary key (workspace_id, id)
        ) with (fillfactor = 80);
        create index trace_nodes_mixed on trace_nodes (workspace_id, person, root) where mixed and up is null and type is not null;

        -- Parents that were named but have not come, by the hash of their external id: those of trace_nodes an event may still come for.
        create table pending_parents (
            workspace_id int not null,
            id uuid not null,
            primary key (workspace_id, id)
        );
        """;

    const string People = """
        -- A raw id somebody was named by. Facts carry the person's number; two numbers that are one customer are
        -- joined by same_as, and erasing replaces the ids here.
        create table people (
            workspace_id int not null,
            person int not null,
            customer_id uuid,
            external_id text,
            same_as int,
            primary key (workspace_id, person),
            check ((customer_id is null) <> (external_id is null))
        );
        create unique index on people (workspace_id, customer_id) where customer_id is not null;
        create unique index on people (workspace_id, external_id) where external_id is not null;
        create index on people (workspace_id, person) include (same_as) where same_as is not null;
        """;
}
