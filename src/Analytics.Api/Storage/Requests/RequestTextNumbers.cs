using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Requests;

/// <summary>Gives products, API keys and user agents their numbers; a text met for the first time gets the next one.</summary>
static class RequestTextNumbers
{
    // One person may have several numbers: one for our id and one for each external id it ever had.
    const int MostNamers = 8;

    /// <summary>Those of some hashes ($3) that a workspace ($1) has of a kind ($2).</summary>
    // Lateral and by whole keys, as in TraceQuestions: no plan may scan.
    internal const string FindSql = """
        select known.number, known.people, known.text
        from unnest($3) as wanted (hash)
        cross join lateral (
            select number, people, text
            from request_texts
            where workspace_id = $1
              and kind = $2
              and hash = wanted.hash
            offset 0
        ) known
        """;

    internal const string LastSql = """
        select number
        from request_texts
        where workspace_id = $1
          and kind = $2
        order by number desc
        limit 1
        """;

    internal const string AddSql = """
        insert into request_texts (workspace_id, kind, number, hash, people, text)
        select $1, $2, number, hash, people::int[], text
        from unnest($3, $4, $5, $6) as new (number, hash, people, text)
        """;

    // Other writers may have added some since this one read it.
    const string NameSql = """
        update request_texts known
        set people = (
            select case when count(*) <= $5 and min(person) > 0 then array_agg(person) end
            from (
                select unnest(known.people)
                union
                select unnest(new.people)
            ) as named (person))
        from (
            select number, array_agg(person) as people
            from unnest($3, $4) as named (number, person)
            group by number
        ) new
        where known.workspace_id = $1
          and known.kind = $2
          and known.number = new.number
          and known.people is not null
        """;

    /// <summary>Numbers the texts of one kind; who named them is kept of API keys and user agents.</summary>
    public static async Task AssignAsync(
        NpgsqlConnection connection, int workspace, byte[] hashKey, RequestNames names, RequestText kind, List<NewRequest> requests,
        CancellationToken cancel)
    {
        var (unknown, named) = (new List<NewRequest>(), new List<(int Number, int Person)>());
        foreach (var request in requests)
            if (!TryAssign(names, kind, request, named))
                unknown.Add(request);
        if (unknown.Count > 0)
            await LearnAsync(connection, workspace, hashKey, names, kind, unknown, cancel);
        foreach (var request in unknown)
            TryAssign(names, kind, request, named);
        if (named.Count > 0)
            await connection.ExecuteAsync(
                NameSql,
                [
                    workspace, (short)kind, named.Select(one => one.Number).ToArray(), named.Select(one => one.Person).ToArray(),
                    MostNamers,
                ], cancel);
    }

    /// <summary>False when the text is not known; who names it for the first time is noted.</summary>
    static bool TryAssign(RequestNames names, RequestText kind, NewRequest request, List<(int Number, int Person)> named)
    {
        var text = request.TextOf(kind);
        if (text.IsEmpty)
            return true;
        if (!names.TryFind(kind, text.Span, out var known))
            return false;
        request.SetNumber(kind, known.Number);
        if (known.People is { } people && !people.Contains(request.Person))
        {
            known.People = request.Person == 0 || people.Length == MostNamers ? null : [.. people, request.Person];
            named.Add((known.Number, request.Person));
        }

        return true;
    }

    static async Task LearnAsync(
        NpgsqlConnection connection, int workspace, byte[] hashKey, RequestNames names, RequestText kind,
        List<NewRequest> requests, CancellationToken cancel)
    {
        var unknown = new Dictionary<byte[], NewRequest>(new WorkspaceNames.BytesComparer());
        foreach (var request in requests)
            unknown.TryAdd(request.TextOf(kind).ToArray(), request);
        var hashes = unknown.Keys.ToDictionary(text => text, text => HashOf(hashKey, text), unknown.Comparer);
        await connection.EachAsync(FindSql, [workspace, (short)kind, hashes.Values.ToArray()], row =>
        {
            var people = row.IsDBNull(1) ? null : row.GetFieldValue<int[]>(1);
            names.Add(kind, Encoding.UTF8.GetBytes(row.GetString(2)), new(row.GetInt32(0), people));
        }, cancel);
        var added = unknown.Where(text => !names.TryFind(kind, text.Key, out _)).ToList();
        if (added.Count == 0)
            return;
        var last = await connection.ScalarAsync<int>(LastSql, [workspace, (short)kind], cancel);
        var people = added.Select(text => kind == RequestText.Product ? 0 : text.Value.Person).ToArray();
        SqlValue[] values =
        [
            workspace, (short)kind, Enumerable.Range(last + 1, added.Count).ToArray(), added.Select(text => hashes[text.Key]).ToArray(),
            SqlValue.Of(Array.ConvertAll(people, person => person == 0 ? null : $"{{{person}}}")),
            added.Select(text => Encoding.UTF8.GetString(text.Key)).ToArray(),
        ];
        await connection.ExecuteAsync(AddSql, values, cancel);
        foreach (var (at, (text, _)) in added.Index())
            names.Add(kind, text, new(last + 1 + at, people[at] == 0 ? null : [people[at]]));
    }

    /// <summary>What a text is found by: it may be longer than an index takes.</summary>
    public static Guid HashOf(byte[] hashKey, ReadOnlySpan<byte> text) => KeyHash.Of(hashKey, KeyKind.Request, null, text).ToUuid();
}
