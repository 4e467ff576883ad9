using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>Says which texts the numbers of a kind stand for.</summary>
static class TextLookup
{
    // Of so many numbers in a row one at least is wanted, or they are looked up by themselves.
    const int Sparse = 4;

    // The order says by which index; see docs/decisions/0014.
    const string EachSql = """
        select wanted.number, found.text
        from unnest($3) as wanted (number)
        cross join lateral (
            select text
            from texts
            where workspace_id = $1
              and kind = $2
              and number between wanted.number and wanted.number
            order by number
            limit 1
        ) found
        """;

    const string BetweenSql = """
        select number, text
        from texts
        where workspace_id = $1
          and kind = $2
          and number between $3 and $4
        order by number
        limit $5
        """;

    /// <summary>
    /// The texts that a workspace has of some numbers of a kind: looked up one by one, or where many of the numbers between the first and
    /// the last are wanted, all between those in a row.
    /// </summary>
    public static Task OfAsync(
        NpgsqlConnection connection, int workspace, TextKind kind, int[] numbers, Action<int, string> each, CancellationToken cancel)
    {
        if (numbers.Length == 0)
            return Task.CompletedTask;
        var (first, last) = (numbers.Min(), numbers.Max());
        var span = (long)last - first + 1;
        return numbers.Length > span / Sparse
            ? connection.EachAsync(BetweenSql, [workspace, (short)kind, first, last, span], Read, cancel)
            : connection.EachAsync(EachSql, [workspace, (short)kind, numbers], Read, cancel);

        void Read(NpgsqlDataReader row)
        {
            // What nobody asked for may have been forgotten.
            if (!row.IsDBNull(1))
                each(row.GetInt32(0), row.GetString(1));
        }
    }
}
