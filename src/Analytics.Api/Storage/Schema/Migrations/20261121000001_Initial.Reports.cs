namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Reports = """
        -- Saved questions. One with a schedule says when it is due next; it is looked at from again_at on, which is later while a node
        -- works on it and after it failed.
        create table reports (
            workspace_id int not null,
            id uuid not null,
            name text not null,
            query json not null, -- as it was sent: jsonb would write numbers out
            every text,           -- day, week or month; null: it has no schedule
            at time,
            timezone text,        -- of the schedule; null: the workspace's
            due_at timestamptz,
            again_at timestamptz,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (workspace_id, id)
        );
        create index on reports (again_at) where again_at is not null;

        -- What reports with a schedule came to, the last 30 of each: one for each time that was due.
        create table report_runs (
            workspace_id int not null,
            report_id uuid not null,
            id uuid not null,
            at timestamptz not null,
            status text not null,
            rows int not null,
            answer jsonb,         -- null where the question was refused
            problems jsonb,       -- why it was
            text_columns int[],   -- the places, from 1, of columns that show texts of the product's
            owners jsonb,         -- for each row the few customers whose these are; null of many or nobody, ["*"] when it is not known
            primary key (workspace_id, report_id, at)
        );
        """;
}
