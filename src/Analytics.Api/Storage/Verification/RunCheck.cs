using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;

namespace Analytics.Storage.Verification;

/// <summary>
/// The lists of runs and deltas: every run has the pages it should and every page a run, every delta its facts; and rollup, section,
/// grains and commits are some that can be.
/// </summary>
sealed class RunCheck(StoreSnapshot snapshot, DifferenceLog log, Catalogue catalogue)
{
    const string PagesSql = """
        select coalesce(r.rollup, p.rollup), coalesce(r.run, p.run), r.pages, p.pages, r.bytes, p.bytes
        from (select * from rollup_runs where workspace_id = $1) r
        full join (
            select rollup, run, count(*)::int as pages, sum(octet_length(data))::bigint as bytes
            from rollup_pages
            where workspace_id = $1
            group by rollup, run
        ) p on p.rollup = r.rollup and p.run = r.run
        where (r.pages, r.bytes) is distinct from (p.pages, p.bytes)
        """;

    const string RunsSql = "select rollup, run, section, grains, first_commit, last_commit from rollup_runs where workspace_id = $1";

    const string DeltasSql = "select section, commit, facts, data from rollup_deltas where workspace_id = $1";

    public async Task RunAsync(CancellationToken cancel)
    {
        await snapshot.EachAsync(PagesSql, [], row => log.Add(
            "runs", Words(row.GetInt16(0), row.GetInt64(1)), "pages and bytes",
            row.IsDBNull(2) ? null : $"{row.GetInt32(2)} and {row.GetInt64(4)}",
            row.IsDBNull(3) ? null : $"{row.GetInt32(3)} and {row.GetInt64(5)}"), cancel);
        await snapshot.EachAsync(RunsSql, [], row => CheckRun(
            row.GetInt16(0), row.GetInt64(1), row.GetInt16(2), (Grains)row.GetInt16(3), row.GetInt64(4), row.GetInt64(5)), cancel);
        await snapshot.EachAsync(
            DeltasSql, [],
            row => CheckDelta(row.GetInt16(0), row.GetInt64(1), row.GetInt32(2), row.GetFieldValue<byte[]>(3)), cancel);
    }

    void CheckRun(short id, long run, short section, Grains grains, long first, long last)
    {
        var words = Words(id, run);
        if (RollupOf(id) is not { } rollup)
        {
            log.Add("runs", words, "rollup", id, null);
            return;
        }

        if (!rollup.From.Any(from => from.Id == section))
            log.Add("runs", words, "section", section, string.Join(" or ", rollup.From.Select(from => from.Name)));
        var (finest, all) = (rollup.Grains & ~rollup.Grains.WithoutFinest, Needed(rollup.Grains));
        // A run that was written before its rollup had a grain does without it.
        if (!grains.HasFlag(finest) || (grains & ~all) != Grains.None
            || !grains.WithoutFinest.Each().All(grain => grains.Has(rollup.Grains.FinerThan(grain))))
            log.Add("runs", words, "grains", grains, $"{finest} and those of {all}, each with what it is made from");
        if (first > last || last > snapshot.Counters.Commits)
            log.Add("runs", words, "commits", $"{first} to {last}", $"at most {snapshot.Counters.Commits}");
    }

    void CheckDelta(short id, long commit, int stored, byte[] data)
    {
        var section = catalogue.Sections.FirstOrDefault(section => section.Id == id);
        var words = $"delta {commit} of {section?.Name ?? $"section {id}"}";
        if (section is null)
            log.Add("runs", words, "section", id, null);
        if (commit > snapshot.Counters.Commits)
            log.Add("runs", words, "commit", commit, $"at most {snapshot.Counters.Commits}");
        new StoredCells(snapshot, log).Try(words, () =>
        {
            var facts = 0;
            for (var delta = new DeltaReader(data); delta.Read();)
                facts++;
            log.Compare("runs", words, "facts", stored, facts);
        });
    }

    Grains Needed(Grains grains) => snapshot.Calendar.HasLocalGrains ? grains : grains & ~Grains.Local;

    Rollup? RollupOf(short id) => catalogue.Rollups.FirstOrDefault(rollup => rollup.Id == id);

    string Words(short rollup, long run) => $"{RollupOf(rollup)?.Name ?? $"rollup {rollup}"} run {run}";
}
