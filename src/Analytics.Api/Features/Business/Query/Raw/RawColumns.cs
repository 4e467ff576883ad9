using System.Text;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>
/// What a statement reads of raw rows, in three steps so that Postgres takes a row, and a value of it, apart once only: columns of the row,
/// values of these, and what these add up to.
/// </summary>
sealed class RawColumns
{
    readonly List<string> read = [];
    readonly List<string> values = [];
    readonly List<string> sums = [];

    /// <summary>Reads something of a row; gives the name it has one step on.</summary>
    public string Read(string sql) => Named(read, "r", sql);

    /// <summary>Makes a value of what was read; gives the name it has one step on.</summary>
    public string Value(string sql) => Named(values, "v", sql);

    /// <summary>A column of the statement's rows; gives its place.</summary>
    public int Sum(string sql)
    {
        sums.Add(sql);
        return sums.Count - 1;
    }

    /// <summary>The statement, over the rows that some conditions hold of, grouped by values.</summary>
    public string Statement(string table, IEnumerable<string> conditions, IReadOnlyCollection<string> groups)
    {
        var sql = new StringBuilder("select ").AppendJoin(", ", sums).Append("\nfrom (\n    select ");
        AppendNamed(sql, "v", values).Append("\n    from (\n        select ");
        AppendNamed(sql, "r", read).Append("\n        from ").Append(table).Append(" e\n        where ")
            .AppendJoin("\n          and ", conditions).Append("\n        offset 0\n    ) one\n    offset 0\n) one");
        return groups.Count == 0 ? sql.ToString() : sql.Append("\ngroup by ").AppendJoin(", ", groups).ToString();
    }

    static string Named(List<string> steps, string prefix, string sql)
    {
        var at = steps.IndexOf(sql);
        if (at < 0)
        {
            at = steps.Count;
            steps.Add(sql);
        }

        return $"{prefix}{at}";
    }

    static StringBuilder AppendNamed(StringBuilder sql, string prefix, List<string> steps) =>
        sql.AppendJoin(", ", steps.Select((step, at) => $"{step} as {prefix}{at}"));
}
