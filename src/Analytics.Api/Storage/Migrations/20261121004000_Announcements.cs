using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Analytics.Storage.Migrations;

/// <summary>What the service still has to tell as events of its own.</summary>
[DbContext(typeof(AnalyticsDb)), Migration("20261121004000_Announcements")]
public sealed class Announcements : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        -- Written in the transaction that changes what it tells of, deleted when its event is stored. The id is the event's
        -- deduplication key; rows of one subject are told in the order of their numbers.
        create table announcements (
            workspace_id int not null,
            number bigint generated always as identity,
            id uuid not null,
            subject uuid not null,
            name text not null,
            timestamp timestamptz not null,
            metadata jsonb not null,
            primary key (workspace_id, number)
        );
        create index on announcements (workspace_id, subject, number);
        """);
}
