using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Analytics.Storage.Migrations;

/// <summary>Deleting workspaces and erasing customers, which go on in the background and survive a crash.</summary>
[DbContext(typeof(AnalyticsDb)), Migration("20261121001000_Platform")]
sealed class Platform : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        -- Set by the writer with the first cost: from then on the currency is fixed.
        alter table workspaces add cost_stored boolean not null default false;

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
            status text not null,
            events bigint not null default 0,
            rollups bigint not null default 0,
            cursor_time timestamptz,
            cursor_id uuid,
            requested_at timestamptz not null,
            verified_at timestamptz,
            primary key (workspace_id, job_id)
        );
        create index on erasures (requested_at) where status <> 'done';
        """);
}
