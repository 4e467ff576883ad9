namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Sales = """
        -- A share_id somebody named, by its keyed hash. Of several created events the earliest counts (ties by id), and the
        -- same goes for what ends it: which event that was is kept, so that a later, earlier one can take its place.
        create table shares (
            workspace_id int not null,
            share int not null,
            key uuid not null,
            created_at timestamptz,
            created_id uuid,
            person int not null default 0,
            price bigint not null default 0,
            size bigint not null default 0,
            expires_at timestamptz,
            completed_at timestamptz,
            completed_id uuid,
            expired_at timestamptz,
            expired_id uuid,
            payments int not null default 0,  -- counted payments that name it
            expiry_at timestamptz,            -- expires_at, when nothing else ends the share before
            primary key (workspace_id, share),
            unique (workspace_id, key)
        ) with (fillfactor = 80);
        create index shares_expiry on shares (workspace_id, expiry_at) where expiry_at is not null;
        create index shares_run_out on shares (workspace_id, expires_at) where expires_at <= created_at;

        -- A payment_id somebody named; paid_at is null while only refunds of it are known.
        create table payments (
            workspace_id int not null,
            key uuid not null,
            paid_at timestamptz,
            paid_id uuid,
            share int not null default 0,
            person int not null default 0,
            amount bigint not null default 0,
            fee bigint not null default 0,
            cost_key int not null default 0,
            primary key (workspace_id, key)
        );
        create index payments_share on payments (workspace_id, share) where share > 0;

        -- Every refund, with what it says itself; share and person 0 when it leaves them to its payment.
        create table refunds (
            workspace_id int not null,
            payment uuid not null,
            id uuid not null,
            share int not null,
            person int not null,
            amount bigint not null,
            fee bigint,
            cost numeric not null,
            cost_key int,           -- when the event has a cost itself
            subscription uuid,      -- the key of the one it names itself
            primary key (workspace_id, payment, id)
        );
        create index refunds_share on refunds (workspace_id, share) where share > 0;
        create index refunds_subscription on refunds (workspace_id, subscription) where subscription is not null;

        -- A subscription_id that an event named with a customer, by its keyed hash: of several such events the earliest counts.
        create table subscriptions (
            workspace_id int not null,
            key uuid not null,
            at timestamptz not null,
            id uuid not null,
            person int not null,
            primary key (workspace_id, key)
        );

        -- Quarter hours somebody may have lost their last event of, because a share turned out to be another customer's:
        -- the sets of people in the activity rollup still name them there, the people's own cells decide.
        create table activity_doubts (
            workspace_id int not null,
            person int not null,
            quarter int not null,
            commit bigint not null,
            primary key (workspace_id, quarter, person)
        );
        """;

    const string Rollups = """
        -- What a commit adds to the rollups over a section, packed. Flushed to runs by the compactor; readers merge the rest.
        create table rollup_deltas (
            workspace_id int not null,
            section smallint not null,
            commit bigint not null,
            facts int not null,
            data bytea not null,
            primary key (workspace_id, section, commit)
        );
        alter table rollup_deltas alter column data set storage external;

        -- A run: cells of one rollup from facts of one section, sorted by key, cut into pages. Written once, merged into larger
        -- ones, dropped. Of grains a bit each says which there are cells of.
        create table rollup_runs (
            workspace_id int not null,
            rollup smallint not null,
            run bigint not null,
            section smallint not null,
            tier smallint not null,
            first_commit bigint not null,
            last_commit bigint not null,
            pages int not null,
            bytes bigint not null,
            grains smallint not null,
            primary key (workspace_id, rollup, run)
        );
        create table rollup_pages (
            workspace_id int not null,
            rollup smallint not null,
            run bigint not null,
            page int not null,
            first_key bigint not null,
            last_key bigint not null,
            data bytea not null,
            primary key (workspace_id, rollup, run, first_key, page)
        ) with (toast_tuple_target = 8160);
        alter table rollup_pages alter column data set storage external;
        create sequence rollup_run;
        """;
}
