using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Analytics.Storage.Migrations;

/// <summary>Which runs of people's quarter hours also are in the rollup of people's days.</summary>
[DbContext(typeof(AnalyticsDb)), Migration("20261121005000_PeopleDays")]
sealed class PeopleDays : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("""
        alter table rollup_runs add column has_days boolean not null default false;
        """);
}
