using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// Saved questions that ask for an erased person, and kept runs that name it: the pseudonym stands there from then on. Texts that only its
/// facts had are gone. Questions are few; of runs, which may be large, some are gone through at once. While somebody is erased there are
/// no new ones.
/// </summary>
sealed class ErasedReports(NpgsqlConnection connection, int workspace, ErasedNames names)
{
    const int RunsAtOnce = 20;

    // Whose a row is of which it is not known.
    const string Anybody = "*";

    const string ReportsSql = "select id, name, query::text from reports where workspace_id = $1 for update";

    const string ReportSql = """
        update reports
        set name = renamed.name, query = renamed.query::json
        from unnest($2::uuid[], $3::text[], $4::text[]) as renamed (id, name, query)
        where reports.workspace_id = $1
          and reports.id = renamed.id
          and (reports.name <> renamed.name or reports.query::jsonb <> renamed.query::jsonb)
        """;

    const string RunsSql = """
        select at, report_id, array(select jsonb_array_elements_text(answer -> 'columns'))
        from report_runs
        where workspace_id = $1
          and (report_id, at) > ($3, $2)
        order by report_id, at
        limit $4
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
                select jsonb_agg(case when jsonb_typeof(customers) = 'array' then customers - $5 else customers end order by number)
                from jsonb_array_elements(owners) with ordinality lines (customers, number))
        where workspace_id = $1
          and (report_id, at) in (select * from unnest($4, $6))
          and (jsonb_path_exists(owners, '$[*][*] ? (@ == $names[*])', jsonb_build_object('names', to_jsonb($5)))
              or exists (
                  select
                  from jsonb_array_elements(answer -> 'rows') lines (line)
                  cross join jsonb_array_elements(line) with ordinality cells (cell, place)
                  where {ErasedNames.PseudonymSql("cell", Column, "$2", "$3")} is not null))
        """;

    const string ColumnSql = """
        update report_runs
        set answer = jsonb_set(answer, array['columns'], to_jsonb($4))
        where workspace_id = $1
          and report_id = $2
          and at = $3
        """;

    readonly ErasedQuestion question = new(names);

    /// <summary>The questions, all of them.</summary>
    public async Task RenameAsync(CancellationToken cancel)
    {
        var reports = await connection.QueryAsync(
            ReportsSql, [workspace], row => (Id: row.GetGuid(0), Name: row.GetString(1), Query: row.GetString(2)), cancel);
        if (reports.Count > 0)
            await connection.ExecuteAsync(ReportSql,
            [
                workspace, reports.Select(report => report.Id).ToArray(), reports.Select(report => names.InText(report.Name)).ToArray(),
                reports.Select(report => question.Of(report.Query)).ToArray(),
            ], cancel);
    }

    /// <summary>The next of the runs.</summary>
    public async Task<ErasureStep?> StepAsync(ErasurePlace from, CancellationToken cancel)
    {
        var runs = await connection.QueryAsync(
            RunsSql, [workspace, from.Time, from.Id, RunsAtOnce],
            row => (Place: new ErasurePlace(row.GetDateTime(0), row.GetGuid(1)), Columns: row.GetFieldValue<string[]>(2)), cancel);
        if (runs.Count == 0)
            return new(0, true, null);
        var changed = await connection.ExecuteAsync(
            ScrubSql,
            [
                workspace, names.Ids, names.Calls, runs.Select(run => run.Place.Id).ToArray(), (string[])[.. names.All, Anybody],
                runs.Select(run => run.Place.Time).ToArray(),
            ], cancel);
        foreach (var (place, columns) in runs)
            if (Array.ConvertAll(columns, question.ColumnOf) is var renamed && !renamed.AsSpan().SequenceEqual(columns))
                changed += await connection.ExecuteAsync(ColumnSql, [workspace, place.Id, place.Time, renamed], cancel);
        return new(0, changed == 0, runs.Count == RunsAtOnce ? runs[^1].Place : null);
    }
}
