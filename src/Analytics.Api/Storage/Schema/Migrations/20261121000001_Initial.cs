using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Analytics.Storage.Schema.Migrations;

/// <summary>All tables. Written by hand: partitions and storage parameters have no place in a model.</summary>
[DbContext(typeof(AnalyticsDb)), Migration("20261121000001_Initial")]
sealed partial class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var sql in new[]
            {
                Tenancy, Facts, Requests, Apps, Degradations, Audit, Traces, People, Sales, Business, Rollups, Feed, Outbox,
                Verifications, Units, Webhooks, Alerts, Reports,
            })
            migrationBuilder.Sql(sql);
    }

    const string Tenancy = """
        create table workspaces (
            workspace_id int generated always as identity primary key,
            id uuid not null unique,
            slug text not null unique,
            name text not null,
            timezone text not null,
            currency text not null,
            retention_days int not null,
            hash_key bytea not null,
            created_at timestamptz not null,
            cost_stored boolean not null default false -- set by the writer with the first cost: from then on the currency is fixed
        );

        create table users (
            id uuid primary key,
            email text not null unique,
            name text not null,
            created_at timestamptz not null
        );

        create table memberships (
            workspace_id int not null references workspaces on delete cascade,
            user_id uuid not null references users on delete cascade,
            role text not null,
            created_at timestamptz not null,
            primary key (workspace_id, user_id)
        );
        create index on memberships (user_id);

        -- What a workspace's admins call a user whom they brought in: all they see of somebody who was here before is what they sent.
        create table introductions (
            workspace_id int not null references workspaces on delete cascade,
            user_id uuid not null references users on delete cascade,
            name text not null,
            created_at timestamptz not null,
            primary key (workspace_id, user_id)
        );
        create index on introductions (user_id);

        create table api_keys (
            id text primary key,
            secret_hash bytea not null,
            workspace_id int references workspaces on delete cascade,
            user_id uuid references users on delete cascade,
            name text not null,
            scopes text[] not null,
            customer_id uuid,
            created_at timestamptz not null,
            expires_at timestamptz,
            revoked_at timestamptz,
            refused_at timestamptz, -- when the log last told that it was used although it is not good any more
            check (workspace_id is not null or user_id is not null) -- both: a user's, made by an invitation to the workspace
        );
        create index on api_keys (workspace_id);
        create index on api_keys (user_id);

        -- Codes that sign in once with the rights of a key; deleted when they are spent.
        create table sign_in_codes (
            code_hash bytea primary key,
            key_id text not null references api_keys on delete cascade,
            expires_at timestamptz not null,
            created_at timestamptz not null
        );
        create index on sign_in_codes (key_id, created_at);

        -- People who are asked to become members and have not come yet; deleted when they do.
        create table invitations (
            id uuid primary key,
            workspace_id int not null references workspaces on delete cascade,
            email text not null,
            name text not null,
            role text not null,
            code_hash bytea not null unique,
            expires_at timestamptz not null,
            created_at timestamptz not null
        );
        create index on invitations (workspace_id, email);

        create table customers (
            workspace_id int not null,
            id uuid not null,
            external_id text,
            name text,
            email text,
            metadata jsonb,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            primary key (workspace_id, id),
            unique (workspace_id, external_id)
        );

        -- External ids that customers had and gave up: erasing one takes what is stored under them too.
        create table former_external_ids (
            workspace_id int not null,
            customer_id uuid not null,
            external_id text not null,
            primary key (workspace_id, customer_id, external_id)
        );

        -- Workspaces that are gone and whose facts still have to go.
        create table workspace_purges (
            workspace_id int primary key,
            requested_at timestamptz not null
        );

        -- One row an erasure, for ever: the proof that it happened, without personal data.
        create table erasures (
            workspace_id int not null,
            job_id uuid not null,
            pseudonym uuid not null,
            people int[] not null,
            names jsonb,                         -- what is looked for, by the pseudonyms; null when it is done
            asked_seq bigint not null default 0, -- the last event before it
            asked_commit bigint not null default 0, -- the last commit before it
            asked_time timestamptz not null default now(), -- no fact before it is of a later time
            status text not null,
            events bigint not null default 0,
            rollups bigint not null default 0,
            part text not null default 'events', -- the kind of facts that it goes through, and where it is among them
            cursor_time timestamptz,
            cursor_id uuid,
            requested_at timestamptz not null,
            verified_at timestamptz,
            failures int not null default 0,     -- in a row; it is tried again at again_at
            again_at timestamptz not null,
            primary key (workspace_id, job_id)
        );
        create index on erasures (workspace_id, requested_at) where status <> 'done';

        -- One row: what every node on this store knows and nobody else.
        create table installation (
            only_one boolean primary key default true check (only_one),
            secret bytea not null
        );
        insert into installation (secret)
        values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
        """;

    const string Feed = """
        -- One row a workspace, commit and kind of fact that streams tell: the ids of its facts in the order of their numbers, without gap.
        -- All have a number in the log, from first_log to last_log; events have one of their own too, their sequence. An id tells its
        -- fact's time, so (timestamp, id) finds the fact. Kept for a day or 100 000 facts.
        create table commits (
            workspace_id int not null,
            first_log bigint not null,
            last_log bigint not null,
            first_seq bigint,        -- of events
            last_seq bigint,
            committed_at timestamptz not null,
            kind smallint not null,  -- 0: events, 1: audit, 2: requests
            ids uuid[] not null,
            primary key (workspace_id, last_log)
        );
        alter table commits alter column ids set storage external;
        create unique index commits_events on commits (workspace_id, last_seq) where last_seq is not null;
        create index on commits (committed_at);
        """;

    const string Outbox = """
        -- Written in the transaction that changes what it reports, deleted when its event or audit record is stored. The id is the
        -- deduplication key of either; rows of one subject are delivered in the order of their numbers.
        create table outbox (
            workspace_id int not null,
            number bigint generated always as identity,
            id uuid not null,
            subject uuid not null,
            name text not null,
            timestamp timestamptz not null,
            metadata jsonb not null,
            is_audit boolean not null default false,
            primary key (workspace_id, number)
        );
        create index on outbox (workspace_id, subject, number);
        """;
}
