using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>
/// Saved questions that ask for an erased person, and kept runs that name it, by an id it ever had or by its email: the pseudonym stands
/// there from then on, and texts that only its facts had are gone. Called under the workspace's lock, before the ids are forgotten.
/// </summary>
sealed class ErasedReports(NpgsqlConnection connection, Customer customer, Guid pseudonym)
{
    // Whose a row is of which it is not known.
    const string Anybody = "*";

    const string AskingSql = """
        select id, query::text
        from reports
        where workspace_id = $1
          and jsonb_path_exists(query, '$.filters[*].value[*] ? (@ == $names[*])', jsonb_build_object('names', to_jsonb($2::text[])))
        """;

    const string AskSql = "update reports set query = $3::jsonb where workspace_id = $1 and id = $2";

    // Texts go from rows that nobody else's facts stand behind, or perhaps nobody else's.
    const string ScrubSql = """
        update report_runs
        set answer = jsonb_set(answer, '{rows}', (
                select jsonb_agg(
                    (select jsonb_agg(
                        case
                            when cell <@ to_jsonb($2) then to_jsonb($3)
                            when place = any(text_columns) and owners -> (number - 1)::int <@ to_jsonb($4) and jsonb_typeof(cell) = 'string'
                                then 'null'
                            else cell
                        end
                        order by place)
                    from jsonb_array_elements(line) with ordinality cells (cell, place))
                    order by number)
                from jsonb_array_elements(answer -> 'rows') with ordinality lines (line, number))),
            owners = (
                select jsonb_agg(case when jsonb_typeof(customers) = 'array' then customers - $2 else customers end order by number)
                from jsonb_array_elements(owners) with ordinality lines (customers, number))
        where workspace_id = $1
          and (jsonb_path_exists(owners, '$[*][*] ? (@ == $names[*])', jsonb_build_object('names', to_jsonb($4)))
              or jsonb_path_exists(answer, '$.rows[*][*] ? (@ == $names[*])', jsonb_build_object('names', to_jsonb($2))))
        """;

    public async Task RenameAsync(CancellationToken cancel)
    {
        var names = await ErasedNames.OfAsync(connection, customer, cancel);
        foreach (var (id, query) in await connection.QueryAsync(
            AskingSql, [customer.WorkspaceKey, names], row => (row.GetGuid(0), row.GetString(1)), cancel))
            await connection.ExecuteAsync(AskSql, [customer.WorkspaceKey, id, Renamed(query, names)], cancel);
        await connection.ExecuteAsync(
            ScrubSql, [customer.WorkspaceKey, names, $"{pseudonym}", (string[])[.. names, Anybody]], cancel);
    }

    string Renamed(string query, string[] names)
    {
        var renamed = JsonNode.Parse(query)!;
        foreach (var filter in renamed["filters"]!.AsArray())
            if (filter!["value"] is JsonArray values)
                for (var at = 0; at < values.Count; at++)
                    values[at] = Renamed(values[at]!, names);
            else
                filter["value"] = Renamed(filter["value"]!, names);
        return renamed.ToJsonString();
    }

    JsonNode Renamed(JsonNode value, string[] names) =>
        value is JsonValue text && text.TryGetValue<string>(out var name) && names.Contains(name)
            ? JsonValue.Create($"{pseudonym}")
            : value.DeepClone();
}
