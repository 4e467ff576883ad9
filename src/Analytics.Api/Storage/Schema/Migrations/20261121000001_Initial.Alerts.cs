namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Alerts = """
        -- What is watched for, as it was asked: either a query or a statistic.
        create table alerts (
            workspace_id int not null,
            id uuid not null,
            name text not null,
            enabled boolean not null,
            severity text not null,
            query json,
            statistic jsonb,
            span text not null,                  -- how long the window is: 15m, 1h, 1d or 30d
            condition jsonb not null,
            too_large boolean not null default false, -- what it watches is more than can be held: it is not looked at
            created_at timestamptz not null,
            primary key (workspace_id, id)
        );

        -- One row a workspace that has or had alerts. Whoever changes alerts or tells of them takes it first.
        create table alert_watches (
            workspace_id int primary key,
            revision int not null default 0,     -- rises when alerts change, so that the node that watches reads them again
            looked_at timestamptz                -- the minute that was told of last
        );

        -- What was told of an alert, and its state: of a key there is one row that is open at most, while it is crossed.
        create table alert_crossings (
            workspace_id int not null,
            alert_id uuid not null,
            at timestamptz not null,
            id uuid not null,
            record_key uuid not null,            -- by which event_keys knows the record that tells of it
            dimension text,                      -- as it was asked by when it was told
            key jsonb not null,                  -- the dimension's value; a JSON null where there is none
            value numeric not null,
            threshold numeric not null,
            change_percent numeric,
            back_at timestamptz,
            is_open boolean not null,
            owners jsonb,                        -- the few customers whose the key is, where the product made it up; null of many
            primary key (workspace_id, alert_id, at, id)
        );
        create index on alert_crossings (workspace_id) where is_open;
        """;
}
