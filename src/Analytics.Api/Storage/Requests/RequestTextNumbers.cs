using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Requests;

/// <summary>Gives products, API keys and user agents their numbers; a text met for the first time gets the next one.</summary>
static class RequestTextNumbers
{
    /// <summary>Those of some hashes ($3) that a workspace ($1) has of a kind ($2).</summary>
    // Lateral and by whole keys, as in TraceQuestions: no plan may scan.
    internal const string FindSql = """
        select known.number, known.person, known.text
        from unnest($3) as wanted (hash)
        cross join lateral (
            select number, person, text
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
        insert into request_texts (workspace_id, kind, number, hash, person, text)
        select $1, $2, number, hash, person, text
        from unnest($3, $4, $5, $6) as new (number, hash, person, text)
        """;

    const string ShareSql = "update request_texts set person = null where workspace_id = $1 and kind = $2 and number = any($3)";

    /// <summary>Numbers the texts of one kind; whose they are is kept of API keys and user agents.</summary>
    public static async Task AssignAsync(
        NpgsqlConnection connection, int workspace, byte[] hashKey, RequestNames names, RequestText kind, List<NewRequest> requests,
        CancellationToken cancel)
    {
        var (unknown, shared) = (new List<NewRequest>(), new List<int>());
        foreach (var request in requests)
            if (!TryAssign(names, kind, request, shared))
                unknown.Add(request);
        if (unknown.Count > 0)
            await LearnAsync(connection, workspace, hashKey, names, kind, unknown, cancel);
        foreach (var request in unknown)
            TryAssign(names, kind, request, shared);
        if (shared.Count > 0)
            await connection.ExecuteAsync(ShareSql, [workspace, (short)kind, shared.ToArray()], cancel);
    }

    /// <summary>False when the text is not known; what was somebody's alone and is not any longer is noted.</summary>
    static bool TryAssign(RequestNames names, RequestText kind, NewRequest request, List<int> shared)
    {
        var text = request.TextOf(kind);
        if (text.IsEmpty)
            return true;
        if (!names.TryFind(kind, text.Span, out var known))
            return false;
        request.SetNumber(kind, known.Number);
        if (known.Person is { } person && person != request.Person)
        {
            known.Person = null;
            shared.Add(known.Number);
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
            names.Add(kind, Encoding.UTF8.GetBytes(row.GetString(2)), new(row.GetInt32(0), row.GetFieldValue<int?>(1))), cancel);
        var added = unknown.Where(text => !names.TryFind(kind, text.Key, out _)).ToList();
        if (added.Count == 0)
            return;
        var last = await connection.ScalarAsync<int>(LastSql, [workspace, (short)kind], cancel);
        var people = added.Select(text => kind == RequestText.Product || text.Value.Person == 0 ? (int?)null : text.Value.Person).ToArray();
        SqlValue[] values =
        [
            workspace, (short)kind, Enumerable.Range(last + 1, added.Count).ToArray(), added.Select(text => hashes[text.Key]).ToArray(),
            SqlValue.Of(people), added.Select(text => Encoding.UTF8.GetString(text.Key)).ToArray(),
        ];
        await connection.ExecuteAsync(AddSql, values, cancel);
        foreach (var (at, (text, _)) in added.Index())
            names.Add(kind, text, new(last + 1 + at, people[at]));
    }

    /// <summary>What a text is found by: it may be longer than an index takes.</summary>
    public static Guid HashOf(byte[] hashKey, ReadOnlySpan<byte> text) => KeyHash.Of(hashKey, KeyKind.Request, null, text).ToUuid();
}
