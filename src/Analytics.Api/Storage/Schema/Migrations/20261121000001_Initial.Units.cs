namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Units = """
        -- Billable units: which events they count is decided when an event is written. A changed or deleted one stays as a row, so that its
        -- number is never used again; counted cells carry it.
        create table billable_units (
            workspace_id int not null,
            unit int not null,
            key text not null,
            name text not null,
            unit_label text not null,
            aggregation text not null,
            event_name text not null,
            field text,                  -- null where events are counted only
            product_type text,
            filters jsonb not null,
            since bigint not null,       -- the number of the last event before it: writers count those after
            ready boolean not null,      -- whether those up to there are counted too
            created_at timestamptz not null,
            deleted_at timestamptz,
            primary key (workspace_id, unit)
        );
        create unique index on billable_units (workspace_id, key) where deleted_at is null;

        -- What events and requests name as their product; those that name another key count by it alone.
        create table products (
            workspace_id int not null,
            key text not null,
            name text not null,
            type text not null,
            created_at timestamptz not null,
            primary key (workspace_id, key)
        );

        -- An invoice_id somebody named, by its keyed hash: the earliest event that tells of it, its person and cents.
        create table invoices (
            workspace_id int not null,
            key uuid not null,
            created_at timestamptz not null,
            id uuid not null,
            person int not null,
            amount bigint not null,
            primary key (workspace_id, key)
        );
        create index on invoices (workspace_id, created_at);
        """;
}
