using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>What an erased person is called where it is named outside of facts: by every id it ever had, and by its email.</summary>
static class ErasedNames
{
    const string FormerSql = """
        select external_id
        from former_external_ids former
        where workspace_id = $1
          and customer_id = $2
          and not exists (
              select
              from customers
              where workspace_id = $1
                and external_id = former.external_id)
        """;

    /// <summary>Called under the workspace's lock, before the ids are forgotten.</summary>
    public static async Task<string[]> OfAsync(NpgsqlConnection connection, Customer customer, CancellationToken cancel)
    {
        var former = await connection.QueryAsync(FormerSql, [customer.WorkspaceKey, customer.Id], row => row.GetString(0), cancel);
        var id = $"{customer.Id}";
        return [id, id.ToUpperInvariant(), .. former, .. new[] { customer.ExternalId, customer.Email }.OfType<string>()];
    }
}
