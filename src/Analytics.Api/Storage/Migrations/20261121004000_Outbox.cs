using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Analytics.Storage.Migrations;

/// <summary>Changes that are still to be delivered as events.</summary>
[DbContext(typeof(AnalyticsDb)), Migration("20261121004000_Outbox")]
sealed class OutboxTable : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        -- Written in the transaction that changes what it reports, deleted when its event is stored. The id is the event's
        -- deduplication key; rows of one subject are delivered in the order of their numbers.
        create table outbox (
            workspace_id int not null,
            number bigint generated always as identity,
            id uuid not null,
            subject uuid not null,
            name text not null,
            timestamp timestamptz not null,
            metadata jsonb not null,
            primary key (workspace_id, number)
        );
        create index on outbox (workspace_id, subject, number);
        """);
}
