using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>Whom an erasure takes from facts.</summary>
/// <param name="People">The numbers of its people.</param>
/// <param name="Pseudonym">What it is called from now on.</param>
/// <param name="Names">What it was called by.</param>
/// <param name="AskedAt">The number of the last event before the erasure was asked for.</param>
sealed record ErasedWhom(int[] People, Guid Pseudonym, ErasedNames Names, long AskedAt)
{
    const string TakenSql = """
        select taken.external_id
        from unnest($2) as wanted (external_id)
        cross join lateral (
            select external_id
            from customers
            where workspace_id = $1
              and external_id = wanted.external_id
            offset 0
        ) taken
        """;

    /// <summary>What names it in events that came since: an id that somebody else has now is theirs.</summary>
    public async Task<ErasedNames> NamesOfNewAsync(NpgsqlConnection connection, int workspace, CancellationToken cancel)
    {
        var taken = await connection.QueryAsync(TakenSql, [workspace, Names.All], row => row.GetString(0), cancel);
        return taken.Count == 0 ? Names : Names.Without(taken);
    }
}
