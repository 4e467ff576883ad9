namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Audit = """
        -- What the service itself tells: who did what with it, and what it found. The id is a UUIDv7 of the record's own time.
        create table audit (
            workspace_id int not null,
            timestamp timestamptz not null,
            id uuid not null,
            name text not null,
            category text not null,
            severity text not null,
            actor_type text,
            actor_id text,
            target_type text,
            target_id text,
            correlation_id text,
            payload jsonb not null,
            commit bigint not null, -- what it came with: exports end at one
            primary key (workspace_id, timestamp, id)
        ) partition by range (timestamp);
        create table audit_default partition of audit default;
        """;
}
