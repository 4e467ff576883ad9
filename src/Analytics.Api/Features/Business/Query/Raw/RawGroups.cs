using Analytics.Contract;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>What the groups of a question may take of the memory, whatever is asked.</summary>
/// <param name="Groups">How many there may be.</param>
/// <param name="Values">How many values may be told apart in them: for distinct counts and percentiles.</param>
/// <param name="Characters">How long the texts may be together by which they are told apart.</param>
sealed record RawBounds(int Groups = 200_000, int Values = 1_000_000, long Characters = 32_000_000)
{
    /// <summary>Throws when there are more, or their texts are longer.</summary>
    public void Check(int groups, int values, long characters)
    {
        if (groups > Groups || characters > Characters)
            throw TooMany("dimensions", groups > Groups ? $"There are more than {Groups} groups" : "The values of the groups are too long");
        if (values > Values)
            throw TooMany("metrics", $"There are more than {Values} values to be told apart");
    }

    static ProblemException TooMany(string pointer, string what) => ProblemException.Invalid(
        new Problem("/" + pointer, "too_many", what + ": ask for less time, fewer dimensions or coarser ones."));
}

/// <summary>Adds up what slices come to.</summary>
sealed class RawGroups(AskedQuery query, RawBounds most)
{
    readonly Dictionary<string, (QueryGroup Group, string?[] Keys)> groups = new(StringComparer.Ordinal);
    int values;
    long characters;

    public RawBounds Most => most;

    public void Add(RawSlice slice)
    {
        foreach (var part in slice.Groups)
        {
            var group = GroupOf(part.Bucket, part.Keys);
            group.Facts += part.Facts;
            for (var at = 0; at < part.Fields.Length; at++)
                values += part.Fields[at].AddTo(group.Fields[at]);
        }

        foreach (var member in slice.Members)
            if (GroupOf(member.Bucket, member.Keys).Fields[member.Field].AddDistinct(member.Value))
                (values, characters) = (values + 1, characters + member.Value.Length);
        most.Check(groups.Count, values, characters);
    }

    /// <summary>The groups, with what their values stand for; without dimensions one of every bucket.</summary>
    public async Task<IReadOnlyList<QueryGroup>> ShownAsync(
        NpgsqlDataSource store, Workspace workspace, int buckets, CancellationToken cancel)
    {
        if (query.Dimensions is [])
            for (var bucket = 0; bucket < buckets; bucket++)
                GroupOf(bucket, []);
        var texts = new Dictionary<int, string>[query.Dimensions.Count];
        for (var at = 0; at < texts.Length; at++)
            texts[at] = await TextsAsync(store, workspace, at, cancel);
        return
        [
            .. groups.Values.Select(known => known.Group with
            {
                Dimensions = [.. known.Keys.Select((key, at) => Shown(key, texts[at]))],
            }),
        ];
    }

    static object? Shown(string? key, Dictionary<int, string> texts) =>
        key is ['#', ..] ? texts.GetValueOrDefault(RawCodes.NumberOf(key)) : QueryValue.Of(key);

    async Task<Dictionary<int, string>> TextsAsync(NpgsqlDataSource store, Workspace workspace, int dimension, CancellationToken cancel)
    {
        if (RawTable.FieldOf(query.Dataset, query.Dimensions[dimension]) is not RawField.OfCode { Code: var code })
            return [];
        await using var connection = await store.OpenConnectionAsync(cancel);
        var numbers = groups.Values.Select(known => known.Keys[dimension]).OfType<string>().Select(RawCodes.NumberOf);
        return await new RawTexts(connection, workspace).OfAsync(code, numbers, cancel);
    }

    QueryGroup GroupOf(int bucket, string?[] keys)
    {
        // No text has a NUL in it.
        var place = $"{bucket}\0{string.Join('\0', keys)}";
        if (!groups.TryGetValue(place, out var known))
        {
            groups.Add(place, known = (new QueryGroup(bucket, [], [.. query.Fields.Select(_ => new FieldTotal())]), keys));
            characters += 2 * place.Length;
        }

        return known.Group;
    }
}
