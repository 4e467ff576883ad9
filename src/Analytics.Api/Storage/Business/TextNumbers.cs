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
    /// <summary>Those of some hashes ($3) that a workspace ($1) has of a kind ($2), and since when.</summary>
    // Lateral and by whole keys, as in TraceQuestions: no plan may scan.
    internal const string FindSql = """
        select found.number, wanted.hash, found.since
        from unnest($3) as wanted (hash)
        cross join lateral (
            select number, since
            from texts
            where workspace_id = $1
              and kind = $2
              and hash = wanted.hash
            offset 0
        ) found
        """;

    const string LastSql = """
        select number
        from texts
        where workspace_id = $1
          and kind = $2
          and number > $3
          and number <= $4
        order by number desc
        limit 1
        """;

    const string AddSql = """
        insert into texts (workspace_id, kind, number, hash, text, since)
        select $1, $2, number, hash, text, $6
        from unnest($3, $4, $5) as new (number, hash, text)
        """;

    // A hundred at most.
    const string ProductsSql = "select key from products where workspace_id = $1";

    readonly record struct NewText(UInt128 Hash, ReadOnlyMemory<byte> Text, bool IsPortals = false);

    readonly Dictionary<TextKind, UInt128> others = [];

    /// <summary>
    /// The number of the last event before those that are written now; null where raw events are counted anew: what had no number when
    /// they were written gets none then.
    /// </summary>
    public long? Written { get; init; }

    /// <summary>What a text is found by: it may be longer than an index takes, and somebody's.</summary>
    public static UInt128 HashOf(byte[] hashKey, ReadOnlySpan<byte> text) => KeyHash.Of(hashKey, KeyKind.Text, null, text);

    /// <summary>Whether some of the texts that are known had no number when events named them first.</summary>
    public bool AreSomeLate => Written is null && known.AreSomeLate;

    /// <summary>
    /// The number that a text counts by: its own, or that of those that there is no room for. 0 for an empty text and for one that has
    /// none yet.
    /// </summary>
    public int Of(TextKind kind, ReadOnlySpan<byte> text) => Of(kind, text, long.MaxValue);

    /// <summary>The number that a text counts by which an event named.</summary>
    public int Of(TextKind kind, ReadOnlySpan<byte> text, long sequence)
    {
        if (text.IsEmpty)
            return 0;
        var hash = HashOf(hashKey, text);
        return known.SinceOf(kind, hash) < sequence ? Of(kind, hash) : OtherOf(kind);
    }

    /// <summary>The last event that names the text among those that there was no room for; 0 for none.</summary>
    public long SinceOf(TextKind kind, ReadOnlySpan<byte> text) => text.IsEmpty ? 0 : known.SinceOf(kind, HashOf(hashKey, text));

    /// <summary>Sees to it that texts have numbers, and gives these; empty ones have 0.</summary>
    public Task<int[]> AssignAsync(TextKind kind, IEnumerable<ReadOnlyMemory<byte>> texts, CancellationToken cancel) =>
        AssignAsync(kind, texts.Select(text => (text, false)), cancel);

    /// <summary>The same of texts of which some are named by portal keys alone.</summary>
    public async Task<int[]> AssignAsync(
        TextKind kind, IEnumerable<(ReadOnlyMemory<byte> Text, bool IsPortals)> texts, CancellationToken cancel)
    {
        var byHash = new Dictionary<UInt128, NewText>();
        List<UInt128?> hashes = [.. texts.Select(text =>
        {
            if (text.Text.IsEmpty)
                return (UInt128?)null;
            var hash = HashOf(hashKey, text.Text.Span);
            var isPortals = text.IsPortals && (!byHash.TryGetValue(hash, out var before) || before.IsPortals);
            byHash[hash] = new(hash, text.Text, isPortals);
            return hash;
        })];
        await LearnAsync(kind, byHash.Keys, cancel);
        await AddAsync(kind, [.. byHash.Values.Where(text => known.Find(kind, text.Hash) == 0)], cancel);
        return [.. hashes.Select(hash => hash is { } one ? Of(kind, one) : 0)];
    }

    /// <summary>The numbers that texts have; 0 for those without.</summary>
    public async Task<int[]> FindAsync(TextKind kind, IReadOnlyCollection<ReadOnlyMemory<byte>> texts, CancellationToken cancel)
    {
        await LearnAsync(kind, texts.Where(text => !text.IsEmpty).Select(text => HashOf(hashKey, text.Span)), cancel);
        return [.. texts.Select(text => Of(kind, text.Span))];
    }

    /// <summary>What a text of this number is counted as: itself, or what there is no room for.</summary>
    public ReadOnlySpan<byte> CountedAs(TextKind kind, ReadOnlySpan<byte> text, int number) =>
        OtherOf(kind) == number && TextRoom.OtherOf(kind) is { } other ? other : text;

    /// <summary>The number of somebody's id that was given one, by its hash.</summary>
    public int Of(TextKind kind, UInt128 hash) => known.Find(kind, hash) is not 0 and var own ? own : OtherOf(kind);

    /// <summary>Sees to it that somebody's ids have numbers, by their hashes (<see cref="HashedId"/>).</summary>
    public async Task AssignAsync(TextKind kind, IEnumerable<UInt128> hashes, CancellationToken cancel)
    {
        var wanted = hashes.ToHashSet();
        await LearnAsync(kind, wanted, cancel);
        await AddAsync(kind, [.. wanted.Where(hash => known.Find(kind, hash) == 0).Select(hash => new NewText(hash, default))], cancel);
    }

    /// <summary>Learns the numbers that texts were given, by their hashes, and that of those that there was no room for.</summary>
    public async Task LearnAsync(TextKind kind, IEnumerable<UInt128> hashes, CancellationToken cancel)
    {
        var unknown = hashes.Where(hash => known.Find(kind, hash) == 0).ToHashSet();
        if (unknown.Count == 0)
            return;
        if (HashOfOther(kind) is { } other)
            unknown.Add(other);
        await connection.EachAsync(
            FindSql, [workspace, (short)kind, unknown.Select(hash => hash.ToUuid()).ToArray()],
            row => known.Add(kind, row.GetGuid(1).ToSortable(), row.GetInt32(0), row.GetInt64(2)), cancel);
    }

    /// <summary>The number of those that there was no room for; 0 where there was room always, so far.</summary>
    int OtherOf(TextKind kind) => HashOfOther(kind) is { } hash ? known.Find(kind, hash) : 0;

    UInt128? HashOfOther(TextKind kind)
    {
        if (TextRoom.OtherOf(kind) is not { } other)
            return null;
        if (!others.TryGetValue(kind, out var hash))
            others.Add(kind, hash = HashOf(hashKey, other));
        return hash;
    }

    async Task AddAsync(TextKind kind, List<NewText> added, CancellationToken cancel)
    {
        // Nobody can say any more which raw events came when there was room.
        if (added.Count == 0 || (Written is null && OtherOf(kind) != 0))
            return;
        if (lent is not null)
            foreach (var text in added)
                known.Add(kind, text.Hash, lent.Next());
        else if (TextRoom.OtherOf(kind) is { } other)
            await AddWithinRoomAsync(kind, added, other, cancel);
        else
            await SaveAsync(kind, added, await LastAsync(kind, 0, int.MaxValue, cancel), 0, cancel);
    }

    async Task AddWithinRoomAsync(TextKind kind, List<NewText> added, byte[] other, CancellationToken cancel)
    {
        // As long as there are no others nothing was counted with them.
        var (hash, since) = (HashOf(hashKey, other), OtherOf(kind) == 0 ? 0 : Written ?? 0);
        var rest = added.FindAll(text => text.Hash == hash);
        await TakePlacesAsync(text => !text.IsPortals, 0, TextRoom.Most);
        await TakePlacesAsync(text => text.IsPortals, TextRoom.PortalsFrom, TextRoom.PortalsFrom + TextRoom.MostOfPortals);
        if (rest.Count == 0)
            return;
        var registered = kind == TextKind.Product ? await RegisteredAsync(rest, cancel) : [];
        if (registered.Count > 0)
            await SaveAsync(kind, registered, await LastAsync(kind, TextRoom.OtherNumber, TextRoom.PortalsFrom, cancel), since, cancel);
        if (rest.Count > registered.Count && OtherOf(kind) == 0)
            await SaveAsync(kind, [new(hash, other)], TextRoom.OtherNumber - 1, 0, cancel);

        async Task TakePlacesAsync(Predicate<NewText> are, int first, int most)
        {
            var some = added.FindAll(text => text.Hash != hash && are(text));
            if (some.Count == 0)
                return;
            var last = await LastAsync(kind, first, most, cancel);
            await SaveAsync(kind, [.. some.Take(most - last)], last, since, cancel);
            rest.AddRange(some.Skip(most - last));
        }
    }

    async Task<List<NewText>> RegisteredAsync(List<NewText> texts, CancellationToken cancel)
    {
        var keys = (await connection.QueryAsync(ProductsSql, [workspace], row => row.GetString(0), cancel)).ToHashSet();
        return texts.FindAll(text => keys.Contains(Encoding.UTF8.GetString(text.Text.Span)));
    }

    // The last number behind one and up to another; the one itself when there is none.
    async Task<int> LastAsync(TextKind kind, int first, int most, CancellationToken cancel) =>
        Math.Max(first, await connection.ScalarAsync<int>(LastSql, [workspace, (short)kind, first, most], cancel));

    async Task SaveAsync(TextKind kind, List<NewText> added, int last, long since, CancellationToken cancel)
    {
        if (added.Count == 0)
            return;
        string?[] texts = kind >= TextKind.Session
            ? new string?[added.Count]
            : [.. added.Select(text => Encoding.UTF8.GetString(text.Text.Span))];
        SqlValue[] values =
        [
            workspace, (short)kind, Enumerable.Range(last + 1, added.Count).ToArray(), added.Select(text => text.Hash.ToUuid()).ToArray(),
            SqlValue.Of(texts), since,
        ];
        await connection.ExecuteAsync(AddSql, values, cancel);
        foreach (var (at, text) in added.Index())
            known.Add(kind, text.Hash, last + 1 + at, since);
    }
}
