using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>What the numbers of dimensions are called, and which numbers texts have.</summary>
sealed class DimensionTexts(NpgsqlConnection connection, Workspace workspace)
{
    // Lateral and by whole keys, and for which index; see docs/decisions/0014.
    const string NamesSql = """
        select wanted.type, known.name
        from unnest($2) as wanted (type)
        cross join lateral (
            select name
            from event_types
            where workspace_id = $1
              and type between wanted.type and wanted.type
            order by type
            limit 1
        ) known
        """;

    const string TypesSql = """
        select known.type
        from unnest($2) as wanted (name)
        cross join lateral (
            select type
            from event_types
            where workspace_id = $1
              and name = wanted.name
            offset 0
        ) known
        """;

    readonly RequestTexts requests = new(connection, workspace);

    /// <summary>The texts of some numbers of anything but statuses; nobody and nothing have none.</summary>
    public async Task<IReadOnlyDictionary<int, string>> OfAsync(Dimension dimension, IEnumerable<int> numbers, CancellationToken cancel)
    {
        if (dimension == Dimension.EventType)
            return await NamesAsync([.. numbers.Distinct()], cancel);
        if (dimension != Dimension.Person)
            return await requests.OfAsync(dimension == Dimension.Product ? RequestText.Product : RequestText.Endpoint, numbers, cancel);
        var people = await CustomerNames.OfAsync(connection, workspace.Key, numbers, cancel);
        return people.Where(person => person.Value.Called is not null).ToDictionary(person => person.Key, person => person.Value.Called!);
    }

    /// <summary>The numbers that may have any of some texts.</summary>
    public async Task<int[]> NumbersAsync(Dimension dimension, string[] texts, CancellationToken cancel)
    {
        if (dimension == Dimension.EventType)
            return [.. await connection.QueryAsync(TypesSql, [workspace.Key, texts], row => row.GetInt32(0), cancel)];
        if (dimension == Dimension.Person)
            return await requests.PeopleAsync(texts, cancel) ?? [];
        return await requests.NumbersAsync(dimension == Dimension.Product ? RequestText.Product : RequestText.Endpoint, texts, cancel);
    }

    async Task<IReadOnlyDictionary<int, string>> NamesAsync(int[] types, CancellationToken cancel)
    {
        var names = new Dictionary<int, string>();
        if (types.Length > 0)
            await connection.EachAsync(NamesSql, [workspace.Key, types], row => names[row.GetInt32(0)] = row.GetString(1), cancel);
        return names;
    }
}
