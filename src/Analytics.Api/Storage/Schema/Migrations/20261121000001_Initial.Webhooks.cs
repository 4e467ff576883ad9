namespace Analytics.Storage.Schema.Migrations;

sealed partial class Initial
{
    const string Webhooks = """
        -- Who is told what the service itself writes into the log. One node at a time sends to a webhook, until taken_until.
        create table webhooks (
            workspace_id int not null,
            id uuid not null,
            url text not null,
            events text[] not null,      -- names, or * alone for all of them
            enabled boolean not null,
            failing_since timestamptz,   -- the first of its tries of which none has succeeded since
            taken_until timestamptz not null default '-infinity',
            created_at timestamptz not null,
            primary key (workspace_id, id)
        );

        -- What its messages are signed with, sealed. Former ones sign along until ends_at.
        create table webhook_secrets (
            workspace_id int not null,
            webhook_id uuid not null,
            id uuid not null,
            sealed bytea not null,
            created_at timestamptz not null,
            ends_at timestamptz,
            primary key (workspace_id, webhook_id, id)
        );

        -- A record that a webhook is told of: written with the record, under its number in the log, so there is one of each and none is
        -- lost. What is told is read when it is sent: of an erased customer nothing stays here. New ones are due at once, by any clock.
        create table webhook_deliveries (
            workspace_id int not null,
            webhook_id uuid not null,
            log bigint not null,
            id uuid not null,
            event_id uuid not null,
            type text not null,
            created_at timestamptz not null,
            state text not null default 'pending',
            asked int not null default 0,               -- tries that somebody asked for, whatever the plan says
            due_at timestamptz default '-infinity',    -- when the next try is due; null when there is none to come
            first_try_at timestamptz,
            tries jsonb not null default '[]',         -- the last ones
            primary key (workspace_id, webhook_id, log)
        ) with (fillfactor = 70);
        create index webhook_deliveries_due on webhook_deliveries (workspace_id, webhook_id, due_at) where due_at is not null;
        create index on webhook_deliveries (workspace_id, webhook_id, id);
        """;
}
