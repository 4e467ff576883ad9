using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>
/// The currency of a workspace's costs. It may change until the first is stored, under the same lock; and what a request was checked
/// with may be older than that. So it is compared once more here, where it stands still.
/// </summary>
sealed class CostCurrency
{
    const string FindSql = "select currency from workspaces where workspace_id = $1";
    const string FixSql = "update workspaces set cost_stored = true where workspace_id = $1 and not cost_stored";

    readonly int workspace;
    readonly string currency;

    CostCurrency(int workspace, string currency) => (this.workspace, this.currency) = (workspace, currency);

    /// <summary>Refuses costs in another currency; null when there are no costs.</summary>
    public static async Task<CostCurrency?> CheckAsync(
        NpgsqlConnection connection, WorkspaceNames names, List<NewEvent> events, CancellationToken cancel)
    {
        if (events.Find(e => e.Incoming.Fields.Cost is not null) is not { } first)
            return null;
        var now = new CostCurrency(first.Request.Workspace.Key, names.Currency ?? await FindAsync(connection, first, cancel));
        foreach (var e in events)
            if (e.Incoming.Fields.Cost is not null && e.Request.Workspace.Currency != now.currency)
                e.Refuse("/metadata/_cost/currency", "currency", $"The workspace counts in {now.currency}.");
        return now;
    }

    /// <summary>The statement that fixes it, with the first cost that is stored.</summary>
    public NpgsqlBatchCommand? Fix(WorkspaceNames names)
    {
        if (names.Currency is not null)
            return null;
        names.Currency = currency;
        return Sql.Statement(FixSql, [workspace]);
    }

    static async Task<string> FindAsync(NpgsqlConnection connection, NewEvent of, CancellationToken cancel) =>
        await connection.ScalarAsync<string>(FindSql, [of.Request.Workspace.Key], cancel) ?? throw new WorkspaceGoneException();
}
