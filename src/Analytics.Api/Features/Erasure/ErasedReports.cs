using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// Saved questions that ask for an erased person, and kept runs that name it: the pseudonym stands there from then on. Texts that only its
/// facts had are gone.
/// </summary>
sealed class ErasedReports(NpgsqlConnection connection, int workspace, ErasedNames names)
{
    // Whose a row is of which it is not known.
    const string Anybody = "*";

    const string ReportsSql = "select id, name, query::text from reports where workspace_id = $1 for update";

    const string ReportSql = """
        update reports
        set name = $3, query = $4::json
        where workspace_id = $1
          and id = $2
          and (name <> $3 or query::jsonb <> $4::jsonb)
        """;

    const string Column = "(answer -> 'columns' ->> (place - 1)::int)";

    // Texts go from rows that nobody else's facts stand behind, or perhaps nobody else's.
    static readonly string ScrubSql = $"""
        update report_runs
        set answer = jsonb_set(answer, array['rows'], (
                select jsonb_agg(
                    (select jsonb_agg(
                        coalesce(
                            {ErasedNames.PseudonymSql("cell", Column, "$2", "$3")},
                            case
                                when place = any(text_columns)
                                    and owners -> (number - 1)::int <@ to_jsonb($5)
                                    and jsonb_typeof(cell) = 'string'
                                    then 'null'
                                else cell
                            end)
                        order by place)
                    from jsonb_array_elements(line) with ordinality cells (cell, place))
                    order by number)
                from jsonb_array_elements(answer -> 'rows') with ordinality lines (line, number))),
            owners = (
                select jsonb_agg(case when jsonb_typeof(customers) = 'array' then customers - $4 else customers end order by number)
                from jsonb_array_elements(owners) with ordinality lines (customers, number))
        where workspace_id = $1
          and (jsonb_path_exists(owners, '$[*][*] ? (@ == $names[*])', jsonb_build_object('names', to_jsonb($5)))
              or exists (
                  select
                  from jsonb_array_elements(answer -> 'rows') lines (line)
                  cross join jsonb_array_elements(line) with ordinality cells (cell, place)
                  where {ErasedNames.PseudonymSql("cell", Column, "$2", "$3")} is not null))
        """;

    const string ColumnsSql = """
        select id, array(select jsonb_array_elements_text(answer -> 'columns'))
        from report_runs
        where workspace_id = $1
          and answer is not null
        """;

    const string ColumnSql = """
        update report_runs
        set answer = jsonb_set(answer, array['columns'], to_jsonb($3))
        where workspace_id = $1
          and id = $2
        """;

    public async Task RenameAsync(CancellationToken cancel)
    {
        var question = new ErasedQuestion(names);
        foreach (var (id, name, query) in await connection.QueryAsync(
            ReportsSql, [workspace], row => (row.GetGuid(0), row.GetString(1), row.GetString(2)), cancel))
            await connection.ExecuteAsync(ReportSql, [workspace, id, names.InText(name), question.Of(query)], cancel);
        await connection.ExecuteAsync(
            ScrubSql, [workspace, names.Ids, names.Calls, names.All, (string[])[.. names.All, Anybody]], cancel);
        foreach (var (id, columns) in await connection.QueryAsync(
            ColumnsSql, [workspace], row => (row.GetGuid(0), row.GetFieldValue<string[]>(1)), cancel))
            if (Array.ConvertAll(columns, question.ColumnOf) is var renamed && !renamed.AsSpan().SequenceEqual(columns))
                await connection.ExecuteAsync(ColumnSql, [workspace, id, renamed], cancel);
    }
}
