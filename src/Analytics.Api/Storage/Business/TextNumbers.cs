using System.Text;
using Npgsql;

namespace Analytics.Storage.Business;

/// <summary>
/// Gives the texts that analytics of the business group by their numbers in the workspace, kind by kind: 1, 2, 3 and so on, for good. Used
/// under the workspace's lock. Where a text may be somebody's only its hash is stored.
/// </summary>
/// <param name="connection">Where they are looked up and added.</param>
/// <param name="workspace">Whose texts.</param>
/// <param name="hashKey">Its secret.</param>
/// <param name="known">Those known so far.</param>
/// <param name="lent">Where texts without a number get one when nothing may be written; null where they get one for good.</param>
sealed class TextNumbers(NpgsqlConnection connection, int workspace, byte[] hashKey, KnownTexts known, LentTexts? lent = null)
{
    /// <summary>Those of some hashes ($3) that a workspace ($1) has of a kind ($2).</summary>
    // Lateral and by whole keys, as in TraceQuestions: no plan may scan.
    internal const string FindSql = """
        select found.number, wanted.hash
        from unnest($3) as wanted (hash)
        cross join lateral (
            select number
            from texts
            where workspace_id = $1
              and kind = $2
              and hash = wanted.hash
            offset 0
        ) found
        """;

    /// <summary>The texts of some numbers ($3) that a workspace ($1) has of a kind ($2).</summary>
    // The order says by which index; see docs/decisions/0014.
    internal const string TextsSql = """
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

    const string LastSql = "select number from texts where workspace_id = $1 and kind = $2 order by number desc limit 1";

    const string AddSql = """
        insert into texts (workspace_id, kind, number, hash, text)
        select $1, $2, number, hash, text
        from unnest($3, $4, $5) as new (number, hash, text)
        """;

    /// <summary>What a text is found by: it may be longer than an index takes, and somebody's.</summary>
    public static UInt128 HashOf(byte[] hashKey, ReadOnlySpan<byte> text) => KeyHash.Of(hashKey, KeyKind.Text, null, text);

    /// <summary>The number of a text that was given one; 0 for an empty text and for one that has none yet.</summary>
    public int Of(TextKind kind, ReadOnlySpan<byte> text) => text.IsEmpty ? 0 : known.Find(kind, HashOf(hashKey, text));

    /// <summary>Sees to it that texts have numbers, and gives these; empty ones have 0.</summary>
    public async Task<int[]> AssignAsync(TextKind kind, IEnumerable<ReadOnlyMemory<byte>> texts, CancellationToken cancel)
    {
        var byHash = new Dictionary<UInt128, ReadOnlyMemory<byte>>();
        List<UInt128> hashes = [.. texts.Select(text =>
        {
            var hash = text.IsEmpty ? default : HashOf(hashKey, text.Span);
            if (!text.IsEmpty)
                byHash.TryAdd(hash, text);
            return hash;
        })];
        await LearnAsync(kind, byHash.Keys, cancel);
        await AddAsync(kind, [.. byHash.Where(text => known.Find(kind, text.Key) == 0)], cancel);
        return [.. hashes.Select(hash => known.Find(kind, hash))];
    }

    /// <summary>What a text of this number is counted as: itself, or what there is no room for.</summary>
    public ReadOnlySpan<byte> CountedAs(TextKind kind, ReadOnlySpan<byte> text, int number) =>
        TextRoom.OtherOf(kind) is { } other && Of(kind, other) == number ? other : text;

    /// <summary>The number of somebody's id that was given one, by its hash.</summary>
    public int Of(TextKind kind, UInt128 hash) => known.Find(kind, hash);

    /// <summary>Sees to it that somebody's ids have numbers, by their hashes (<see cref="HashedId"/>).</summary>
    public async Task AssignAsync(TextKind kind, IEnumerable<UInt128> hashes, CancellationToken cancel)
    {
        var wanted = hashes.ToHashSet();
        await LearnAsync(kind, wanted, cancel);
        var added = wanted.Where(hash => known.Find(kind, hash) == 0);
        await AddAsync(kind, [.. added.Select(hash => KeyValuePair.Create(hash, default(ReadOnlyMemory<byte>)))], cancel);
    }

    /// <summary>
    /// Learns the numbers that texts were given, by their hashes; those that there was no room for have that of the others.
    /// </summary>
    public async Task LearnAsync(TextKind kind, IEnumerable<UInt128> hashes, CancellationToken cancel)
    {
        var unknown = hashes.Where(hash => known.Find(kind, hash) == 0).ToHashSet();
        if (unknown.Count == 0)
            return;
        var other = TextRoom.OtherOf(kind) is { } text ? HashOf(hashKey, text) : (UInt128?)null;
        await FindAsync(kind, other is { } asked ? unknown.Append(asked) : unknown, cancel);
        if (other is { } rest && known.Find(kind, rest) is not 0 and var number)
            foreach (var hash in unknown.Where(hash => known.Find(kind, hash) == 0))
                known.Add(kind, hash, number);
    }

    Task FindAsync(TextKind kind, IEnumerable<UInt128> hashes, CancellationToken cancel) => connection.EachAsync(
        FindSql, [workspace, (short)kind, hashes.Distinct().Select(hash => hash.ToUuid()).ToArray()],
        row => known.Add(kind, row.GetGuid(1).ToSortable(), row.GetInt32(0)), cancel);

    async Task AddAsync(TextKind kind, List<KeyValuePair<UInt128, ReadOnlyMemory<byte>>> added, CancellationToken cancel)
    {
        if (lent is not null)
            foreach (var (hash, _) in added)
                known.Add(kind, hash, lent.Next());
        if (lent is not null || added.Count == 0)
            return;
        var last = await connection.ScalarAsync<int>(LastSql, [workspace, (short)kind], cancel);
        var other = TextRoom.OtherOf(kind);
        var room = other is null ? added.Count : Math.Clamp(TextRoom.Most - last, 0, added.Count);
        await SaveAsync(kind, added[..room], last, cancel);
        if (room == added.Count)
            return;
        await SaveAsync(kind, [new(HashOf(hashKey, other), other)], last + room, cancel);
        foreach (var (hash, _) in added[room..])
            known.Add(kind, hash, last + room + 1);
    }

    async Task SaveAsync(TextKind kind, List<KeyValuePair<UInt128, ReadOnlyMemory<byte>>> added, int last, CancellationToken cancel)
    {
        string?[] texts = kind >= TextKind.Session
            ? new string?[added.Count]
            : [.. added.Select(text => Encoding.UTF8.GetString(text.Value.Span))];
        SqlValue[] values =
        [
            workspace, (short)kind, Enumerable.Range(last + 1, added.Count).ToArray(), added.Select(text => text.Key.ToUuid()).ToArray(),
            SqlValue.Of(texts),
        ];
        if (added.Count > 0)
            await connection.ExecuteAsync(AddSql, values, cancel);
        foreach (var (at, (hash, _)) in added.Index())
            known.Add(kind, hash, last + 1 + at);
    }
}
