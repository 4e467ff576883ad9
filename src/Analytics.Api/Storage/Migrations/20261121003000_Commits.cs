using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Analytics.Storage.Migrations;

/// <summary>What streams read: the latest commits in order.</summary>
[DbContext(typeof(AnalyticsDb)), Migration("20261121003000_Commits")]
sealed class Commits : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        -- One row a workspace and commit: its events' ids in the order of their sequence, first_seq to last_seq without gap.
        -- An id tells its event's time, so (timestamp, id) finds the event. Kept for a day or 100 000 events.
        create table commits (
            workspace_id int not null,
            first_seq bigint not null,
            last_seq bigint not null,
            committed_at timestamptz not null,
            ids uuid[] not null,
            primary key (workspace_id, last_seq)
        );
        alter table commits alter column ids set storage external;
        create index on commits (committed_at);

        -- One row: what every node on this store knows and nobody else.
        create table installation (
            only_one boolean primary key default true check (only_one),
            secret bytea not null
        );
        insert into installation (secret)
        values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
        """);
}
