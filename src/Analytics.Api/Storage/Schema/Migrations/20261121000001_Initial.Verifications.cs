namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Verifications = """
        -- What the last verify of a workspace came to, the nightly one or the command's.
        create table verifications (
            workspace_id int primary key,
            checked_at timestamptz not null,
            raw_events bigint not null,   -- facts of every kind that were counted
            rollup_rows bigint not null,  -- cells that were compared
            differences bigint not null
        );
        """;
}
