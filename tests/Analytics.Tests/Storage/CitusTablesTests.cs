using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage;

/// <summary>What a cluster would make of the schema. That it does is tried by hand: see docs/decisions/0009.</summary>
public sealed class CitusTablesTests(AnalyticsApi api)
{
    // A new table belongs to its workspaces: every key of it begins with workspace_id, and it refers to no other table.
    static readonly string[] AboveWorkspaces =
        ["api_keys", "installation", "introductions", "invitations", "memberships", "sign_in_codes", "users", "workspaces"];

    [Fact]
    public async Task Every_table_lies_with_its_workspaces_but_for_the_few_above_them()
    {
        var tables = await TablesAsync();

        Assert.Equal(AboveWorkspaces, tables.Where(table => !table.IsOfWorkspaces).Select(table => table.Name).Order());
        Assert.Superset(
            new HashSet<string> { "workspace_seq", "events", "event_keys", "customers", "rollup_pages" },
            tables.Where(table => table.IsOfWorkspaces).Select(table => table.Name).ToHashSet());
    }

    [Fact]
    public async Task A_store_without_the_extension_is_left_as_it_is()
    {
        var citus = new CitusTables(api.Store);
        await citus.SpreadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(api.Services.GetRequiredService<CitusTables>().IsOn, citus.IsOn);
        await using var extension = api.Store.CreateCommand("select exists (select from pg_extension where extname = 'citus')");
        Assert.Equal(await extension.ExecuteScalarAsync(TestContext.Current.CancellationToken), citus.IsOn);
    }

    async Task<List<(string Name, bool IsOfWorkspaces)>> TablesAsync()
    {
        await using var command = api.Store.CreateCommand(CitusTables.TablesSql);
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var tables = new List<(string, bool)>();
        while (await row.ReadAsync())
            if (!row.GetString(0).StartsWith("vacuumed_", StringComparison.Ordinal)) // another test's, for a while
                tables.Add((row.GetString(0), row.GetBoolean(1)));
        return tables;
    }
}
