using System.Globalization;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Rollups.Runs;
using Analytics.Tests.Commands;
using Analytics.Time;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>
/// What the days of a range come to in a run is added up once: who asks again reads only what the range's ends cut of days. The service's
/// clock stands still, so that only the test compacts.
/// </summary>
[Collection<Timed>]
public sealed class SummedRunTests(TimedApi timed)
{
    const int Events = 3_000;
    const int Days = 40;

    // Of the larger run; a small one is read every time.
    const string DeleteSql = """
        delete from rollup_pages
        where workspace_id = $1
          and rollup = $2
          and run = (select run from rollup_runs where workspace_id = $1 and rollup = $2 order by bytes desc limit 1)
        """;

    static readonly DateTimeOffset Start = Some.Day.AddDays(-Days);
    static readonly Rollup Rollup = EventRollups.Customers;

    [Fact]
    public async Task Ranges_and_parts_of_them_come_to_what_their_events_are_however_often_they_are_asked()
    {
        var key = await LivedAsync();
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            // Up to so many parts are added up, each for itself; of more each slot is read.
            var cuts = Enumerable.Range(0, random.Next(2, 12)).Select(_ => CutOf(random)).Distinct().Order().ToList();
            if (cuts.Count < 2)
                continue;
            var raw = await RawAsync(key, cuts);
            Assert.Equal(raw, await ReadAsync(key, cuts));
            Assert.Equal(raw, await ReadAsync(key, cuts));
            cuts[^1] = cuts[^1].AddMinutes(20);
            Assert.Equal(await RawAsync(key, cuts), await ReadAsync(key, cuts));
        }
    }

    [Fact]
    public async Task Days_that_were_asked_for_are_not_read_again()
    {
        var key = await LivedAsync();
        List<DateTimeOffset> asked = [Start.AddDays(3), Start.AddDays(30)];
        var before = await ReadAsync(key, asked);
        Assert.NotEmpty(before);

        // What no page holds any more can only come from memory.
        await timed.Api.Store.ExecuteAsync(DeleteSql, [key, Rollup.Id], default);

        Assert.Equal(before, await ReadAsync(key, asked));
        asked[0] = asked[0].AddDays(-1);
        var others = await ReadAsync(key, asked);
        Assert.True(EventsOf(others) < EventsOf(before) / 2, "Days that were not asked for before are read.");
    }

    static int EventsOf(string lines) =>
        lines.Split('\n').Sum(line => int.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    // A midnight, a quarter hour, or any moment.
    static DateTimeOffset CutOf(Random random) => Start + (TimeSpan)(random.Next(3) switch
    {
        0 => TimeSpan.FromDays(random.Next(Days + 1)),
        1 => TimeSpan.FromMinutes(15 * random.Next(Days * 96)),
        _ => TimeSpan.FromMicroseconds(random.NextInt64(Days * TimeSpan.MicrosecondsPerDay)),
    });

    async Task<string> ReadAsync(int key, List<DateTimeOffset> cuts)
    {
        await using var snapshot = await RollupSnapshot.OpenAsync(timed.Api.Store, key, [Rollup], default);
        var found = new SortedDictionary<(int Bucket, int Person), Cell>();
        await snapshot.ReadAsync(
            Rollup, new BucketCover([.. BucketsOf(cuts)], snapshot.Timeline, Rollup), null, CellParts.Sums, (bucket, _, person) =>
            {
                if (!found.TryGetValue((bucket, person), out var cell))
                    found.Add((bucket, person), cell = new Cell());
                return cell;
            }, default);
        return string.Join('\n', found.Select(one => $"{one.Key.Bucket} {one.Key.Person}: {one.Value.Events}"));
    }

    async Task<string> RawAsync(int key, List<DateTimeOffset> cuts)
    {
        var lines = new List<string>();
        foreach (var (at, bucket) in BucketsOf(cuts).Index())
            lines.AddRange(await timed.Api.Store.QueryAsync(
                """
                select person, count(*)
                from events
                where workspace_id = $1 and timestamp >= $2 and timestamp < $3
                group by person
                order by person
                """,
                [key, bucket.From.UtcDateTime, bucket.To.UtcDateTime], row => $"{at} {row.GetInt32(0)}: {row.GetInt64(1)}", default));
        return string.Join('\n', lines);
    }

    static IEnumerable<Bucket> BucketsOf(List<DateTimeOffset> cuts) =>
        cuts.Zip(cuts.Skip(1), (from, to) => new Bucket(from, to, from, to));

    /// <summary>Two runs, the larger one of many pages, and deltas that wait.</summary>
    async Task<int> LivedAsync()
    {
        var workspace = await timed.Api.NewWorkspaceAsync("Europe/Paris");
        var (random, key) = (new Random(5), await RandomLife.KeyOfAsync(workspace));
        foreach (var count in (int[])[Events, Events / 4, 50])
        {
            await workspace.IngestAsync(Enumerable.Range(0, count).Select(_ => Some.Event(
                "made", Start.AddMicroseconds(random.NextInt64(Days * TimeSpan.MicrosecondsPerDay)), customer: $"person-{random.Next(300)}")));
            if (count > 50)
                await Until.HoldsAsync(
                    async () => await new Compaction(timed.Api.Store, key, Catalogue.Default).RunAsync(default) == Compaction.Outcome.Done,
                    "There is no compaction.");
        }

        return key;
    }
}
