using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Apps;

/// <summary>
/// Gives viewers and devices their numbers in the workspace; one met for the first time gets the next one. Of their ids only keyed hashes
/// are stored: those of viewers are keyed by the workspace, those of devices by the installation, so that a device has the same hash in
/// every workspace.
/// </summary>
sealed class SubjectNumbers(NpgsqlConnection connection, int workspace, KnownSubjects names)
{
    // Lateral and by whole keys: no plan may scan.
    const string FindSql = """
        select known.number, wanted.hash
        from unnest($3) as wanted (hash)
        cross join lateral (
            select number
            from app_subjects
            where workspace_id = $1
              and kind = $2
              and hash = wanted.hash
            offset 0
        ) known
        """;

    const string LastSql = "select number from app_subjects where workspace_id = $1 and kind = $2 order by number desc limit 1";

    const string AddSql = """
        insert into app_subjects (workspace_id, kind, hash, number)
        select $1, $2, hash, number
        from unnest($3, $4) as new (hash, number)
        """;

    /// <summary>The hash of a viewer's id.</summary>
    public static UInt128 HashOfViewer(byte[] workspaceKey, ReadOnlySpan<byte> id) => KeyHash.Of(workspaceKey, KeyKind.Viewer, null, id);

    /// <summary>The hash of a device's id.</summary>
    public static UInt128 HashOfDevice(byte[] installationKey, ReadOnlySpan<byte> id) =>
        KeyHash.Of(installationKey, KeyKind.Device, null, InLowerCase(id));

    public async Task AssignAsync(List<NewAppFact> facts, CancellationToken cancel)
    {
        foreach (var kind in (AppSubject[])[AppSubject.Viewer, AppSubject.Device])
            await AssignAsync(kind, facts.FindAll(fact => fact.SubjectHash != 0 && fact.SubjectKind == kind), cancel);
    }

    async Task AssignAsync(AppSubject kind, List<NewAppFact> facts, CancellationToken cancel)
    {
        var unknown = new HashSet<UInt128>();
        foreach (var fact in facts)
        {
            if (names.Find(kind, fact.SubjectHash) is { } number)
                fact.Subject = number;
            else
                unknown.Add(fact.SubjectHash);
        }

        if (unknown.Count == 0)
            return;
        await FindAsync(kind, unknown, cancel);
        await AddAsync(kind, [.. unknown.Where(hash => names.Find(kind, hash) is null)], cancel);
        foreach (var fact in facts)
            fact.Subject = names.Find(kind, fact.SubjectHash)!.Value;
    }

    Task FindAsync(AppSubject kind, HashSet<UInt128> hashes, CancellationToken cancel) => connection.EachAsync(
        FindSql, [workspace, (short)kind, hashes.Select(hash => hash.ToUuid()).ToArray()],
        row => names.Add(kind, row.GetGuid(1).ToSortable(), row.GetInt32(0)), cancel);

    async Task AddAsync(AppSubject kind, UInt128[] hashes, CancellationToken cancel)
    {
        if (hashes.Length == 0)
            return;
        var last = await connection.ScalarAsync<int>(LastSql, [workspace, (short)kind], cancel);
        // In their order the index is filled from page to page.
        Array.Sort(hashes);
        int[] numbers = [.. Enumerable.Range(last + 1, hashes.Length)];
        await connection.ExecuteAsync(AddSql, [workspace, (short)kind, hashes.Select(hash => hash.ToUuid()).ToArray(), numbers], cancel);
        for (var at = 0; at < hashes.Length; at++)
            names.Add(kind, hashes[at], numbers[at]);
    }

    /// <summary>Ids of devices are compared without their case.</summary>
    static ReadOnlySpan<byte> InLowerCase(ReadOnlySpan<byte> id) => Ascii.IsValid(id)
        ? id.IndexOfAnyInRange((byte)'A', (byte)'Z') < 0 ? id : Lower(id)
        : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(id).ToUpperInvariant().ToLowerInvariant());

    static byte[] Lower(ReadOnlySpan<byte> ascii)
    {
        var lower = new byte[ascii.Length];
        Ascii.ToLower(ascii, lower, out _);
        return lower;
    }
}
