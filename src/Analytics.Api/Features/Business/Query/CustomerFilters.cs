using System.Text.Json;
using Analytics.Storage;
using Analytics.Storage.Business;
using Npgsql;

namespace Analytics.Features.Business.Query;

/// <summary>
/// Filters that name customers by our id: facts call a customer by the product's, where it has one. Such a filter takes either.
/// </summary>
static class CustomerFilters
{
    // Lateral and by whole keys; see docs/decisions/0014.
    const string CalledSql = """
        select wanted.id, known.external_id
        from unnest($2) as wanted (id)
        cross join lateral (
            select external_id
            from customers
            where workspace_id = $1
              and id = wanted.id
            offset 0
        ) known
        """;

    /// <summary>The same filters, with what the customers are called that they name; themselves where none does by our id.</summary>
    public static async Task<IReadOnlyList<FieldFilter>> CalledAsync(
        this NpgsqlConnection connection, int workspace, IReadOnlyList<FieldFilter> filters, CancellationToken cancel)
    {
        Guid[] ids = [.. filters.SelectMany(IdsOf).Distinct()];
        if (ids is [])
            return filters;
        var called = new Dictionary<Guid, string>();
        await connection.EachAsync(
            CalledSql, [workspace, ids],
            row => called.Add(row.GetGuid(0), row.IsDBNull(1) ? $"{row.GetGuid(0)}" : row.GetString(1)), cancel);
        return [.. filters.Select(filter => Called(filter, called))];
    }

    /// <summary>Whether any of them names somebody by our id.</summary>
    public static bool NameById(IReadOnlyList<FieldFilter> filters) => filters.Any(filter => IdsOf(filter).Any());

    static FieldFilter Called(FieldFilter filter, Dictionary<Guid, string> called)
    {
        var names = IdsOf(filter).Where(called.ContainsKey).Select(id => JsonSerializer.SerializeToElement(called[id])).ToList();
        return names.Count == 0 ? filter
            : new(filter.Path, filter.Comparison, [.. filter.Values.Select(value => JsonElement.Parse(value)), .. names]);
    }

    static IEnumerable<Guid> IdsOf(FieldFilter filter)
    {
        if (filter.Path != QueryFields.Customer || filter.IsBound || filter.LooksInside)
            yield break;
        foreach (var value in filter.Values)
            if (value[0] == '"' && Guid.TryParseExact(value.AsSpan()[1..^1], "D", out var id))
                yield return id;
    }
}
