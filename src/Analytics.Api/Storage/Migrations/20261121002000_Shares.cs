using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Analytics.Storage.Migrations;

/// <summary>What file shares and payments have come to: the state behind the metrics of the dashboard.</summary>
[DbContext(typeof(AnalyticsDb)), Migration("20261121002000_Shares")]
sealed class Shares : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        alter table workspace_seq
            add shares int not null default 0; -- last share handed out

        -- The share an event names in metadata.share_id, whatever the event's name.
        alter table events add share int;
        create index events_share on events (workspace_id, share) where share is not null;

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
            primary key (workspace_id, payment, id)
        );
        create index refunds_share on refunds (workspace_id, share) where share > 0;

        -- Quarter hours somebody may have lost their last event of, because a share turned out to be another customer's:
        -- the sets of people in the activity rollup still name them there, the people's own cells decide.
        create table activity_doubts (
            workspace_id int not null,
            person int not null,
            quarter int not null,
            commit bigint not null,
            primary key (workspace_id, quarter, person)
        );
        """);
}
