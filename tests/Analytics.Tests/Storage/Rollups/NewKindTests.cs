using System.Text;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Rollups.Rebuilding;
using Analytics.Storage.Rollups.Runs;
using Analytics.Storage.Schema;
using Analytics.Storage.Traces;
using Analytics.Storage.Verification;
using Analytics.Storage.Writing;
using Analytics.Tenancy;
using Analytics.Tests.Commands;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>
/// A kind of fact of its own, <see cref="Visits"/>, goes through the one pipeline: written beside events in one commit, once each, with
/// rollups at minutes that are flushed, read, counted anew and verified. It moves neither streams nor ETags.
/// </summary>
[Collection<Timed>]
public sealed class NewKindTests(TimedApi timed)
{
    static readonly DateTimeOffset From = Some.Day.AddDays(-20);
    static readonly DateTimeOffset To = Some.Day.AddDays(20);

    [Fact]
    public async Task Facts_of_a_new_kind_are_written_counted_and_verified_as_events_are()
    {
        var client = await timed.Api.NewWorkspaceAsync("Asia/Kathmandu");
        var workspace = await Of<TenantDirectory>().WorkspaceAsync(await RandomLife.KeyOfAsync(client));
        await timed.Api.Store.ExecuteAsync(Visits.TableSql, [], default);
        using var writer = new FactWriter(
            Of<StoreAddress>(), Of<CitusTables>(), () => [new EventRows(Of<CompleteTraces>()), new Visits.Rows()], Of<CommitFollowers>(),
            TimeProvider.System, NullLogger<FactWriter>.Instance);
        await writer.StartAsync(default);

        var (random, visits) = (new Random(2), new List<Visits.Incoming>());
        for (var visit = 0; visit < 400; visit++)
            visits.Add(Visit(visit, Some.Day.AddSeconds(random.Next(-1_500_000, 1_500_000)), $"person-{random.Next(20)}", random.Next(1, 5), random.Next(300)));
        await client.IngestAsync(Some.Events(5));
        foreach (var part in visits.Chunk(90))
        {
            var result = await writer.WriteAsync(workspace!, [.. part, part[0]], partial: false, default);
            Assert.Equal((part.Length, 1), (result.Inserted, result.Duplicates));
        }

        Assert.Equal(0, (await writer.WriteAsync(workspace!, visits, partial: false, default)).Inserted);
        await writer.StopAsync(default);

        var expected = Expected(visits, From, To);
        Assert.Equal(expected, await ReadAsync(workspace!.Key, From, To));
        await CompactAsync(workspace.Key);
        Assert.Equal(expected, await ReadAsync(workspace.Key, From, To));
        var (start, end) = (Some.Day.AddHours(-40).AddSeconds(7), Some.Day.AddHours(31).AddMicroseconds(11));
        Assert.Equal(Expected(visits, start, end), await ReadAsync(workspace.Key, start, end));
        Assert.Empty(await DifferencesAsync(workspace.Key));
        Assert.True(await new Rebuild(timed.Api.Store, workspace.Key, Visits.Catalogue).RunAsync(null, default));
        Assert.Equal(expected, await ReadAsync(workspace.Key, From, To));
        Assert.Empty(await DifferencesAsync(workspace.Key));

        await timed.Api.Store.ExecuteAsync("delete from rollup_pages where workspace_id = $1 and rollup = 92", [workspace.Key], default);
        Assert.Contains(await DifferencesAsync(workspace.Key), difference => difference.Rollup is "visits of pages");
    }

    [Fact]
    public async Task They_leave_streams_and_etags_where_they_are()
    {
        var client = await timed.Api.NewWorkspaceAsync();
        var workspace = await Of<TenantDirectory>().WorkspaceAsync(await RandomLife.KeyOfAsync(client));
        await timed.Api.Store.ExecuteAsync(Visits.TableSql, [], default);
        await client.IngestAsync(Some.Events(3));
        var streamed = new List<int>();
        using var writer = new FactWriter(
            Of<StoreAddress>(), Of<CitusTables>(), () => [new Visits.Rows()], new CommitFollowers(_ => false, (_, _) => { }, (to, _) => streamed.Add(to)),
            TimeProvider.System, NullLogger<FactWriter>.Instance);
        await writer.StartAsync(default);
        var before = await PositionsAsync(workspace!.Key);

        await writer.WriteAsync(workspace, [Visit(1, Some.Day, "ann", 1, 5)], partial: false, default);
        await writer.StopAsync(default);

        Assert.Empty(streamed);
        Assert.Equal((before.Sequence, before.Version, before.Commits + 1), await PositionsAsync(workspace.Key));
    }

    static Visits.Incoming Visit(int number, DateTimeOffset at, string person, int page, int seconds) => new()
    {
        Index = number,
        Timestamp = Rfc3339.Microseconds(at),
        ExternalCustomerId = Encoding.UTF8.GetBytes(person),
        HiddenKey = Encoding.UTF8.GetBytes($"visit-{number}"),
        KeyKind = (KeyKind)90,
        Page = page,
        Seconds = seconds,
    };

    static string Expected(IEnumerable<Visits.Incoming> visits, DateTimeOffset from, DateTimeOffset to) => string.Join('\n', visits
        .Where(visit => visit.Timestamp >= Rfc3339.Microseconds(from) && visit.Timestamp < Rfc3339.Microseconds(to))
        .GroupBy(visit => visit.Page).OrderBy(page => page.Key)
        .Select(page => $"{page.Key}: {page.Count()} {page.Count(visit => visit.Seconds > 60)} {page.Sum(visit => visit.Seconds)} "
            + $"{page.Max(visit => visit.Seconds)} {page.Select(visit => Encoding.UTF8.GetString(visit.ExternalCustomerId.Span)).Distinct().Count()}"));

    async Task<string> ReadAsync(int workspace, DateTimeOffset from, DateTimeOffset to)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(timed.Api.Store, workspace, [Visits.Pages], default);
        var cells = new SortedDictionary<int, Cell>();
        await snapshot.ReadAsync(
            Visits.Pages, new BucketCover([new Bucket(from, to, from, to)], snapshot.Timeline, Visits.Pages), [1, 2, 3, 4],
            CellParts.SumsAndSet, (_, page, _) => cells.TryGetValue(page, out var cell) ? cell : cells[page] = new Cell(), default);
        return string.Join('\n', cells.Select(page =>
            $"{page.Key}: {page.Value[0]} {page.Value[1]} {page.Value[2]} {page.Value.Maximum} {page.Value.Set?.Count}"));
    }

    async Task<IReadOnlyList<Difference>> DifferencesAsync(int workspace)
    {
        var log = new DifferenceLog();
        await new Verifier(timed.Api.Store, workspace, log)
        {
            Catalogue = Visits.Catalogue,
            Readings = [.. new Verifier(timed.Api.Store, workspace, log).Readings, (snapshot, _) => new Visits.Reading(snapshot)],
        }.RunAsync(default);
        return log.Shown;
    }

    Task CompactAsync(int workspace) => Until.HoldsAsync(
        async () => await new Compaction(timed.Api.Store, workspace, Visits.Catalogue).RunAsync(default) == Compaction.Outcome.Done,
        "There is no compaction.");

    async Task<(long Sequence, int Version, long Commits)> PositionsAsync(int workspace) => (await timed.Api.Store.QueryAsync(
        "select seq, version, commits from workspace_seq where workspace_id = $1", [workspace],
        row => (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2)), default))[0];

    T Of<T>() where T : notnull => timed.Api.Services.GetRequiredService<T>();
}
