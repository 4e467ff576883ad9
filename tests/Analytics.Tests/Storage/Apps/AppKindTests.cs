using System.Text.Json.Nodes;
using Analytics.Storage;
using Analytics.Storage.Apps;
using Analytics.Storage.Cells;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Tests.Commands;
using Analytics.Tests.Oracle;
using Analytics.Time;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Storage.Apps;

/// <summary>Facts of apps are written, counted by day, compacted, sealed, recounted and verified; of viewers and devices hashes are kept.</summary>
[Collection<Timed>]
public sealed class AppKindTests(TimedApi timed)
{
    const int Days = 60;

    readonly AnalyticsApi api = timed.Api;

    sealed record Fact(string List, string App, DateTimeOffset At, JsonObject Sent, string? Subject = null, long Bytes = 0, long Failed = 0);

    [Fact]
    public async Task What_was_sent_is_what_is_counted_however_it_is_stored()
    {
        var client = await api.NewWorkspaceAsync("Asia/Kathmandu", retentionDays: 20);
        var (upkeep, facts) = (await Upkeep.OfAsync(client), await SendAsync(client, new Random(5)));
        var expected = Expected(facts);

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(expected, await ReadAsync(upkeep.Workspace));
            await VerifyRun.OfAsync(client, 0);
            await upkeep.CompactAsync();
        }

        await upkeep.RebuildAsync();
        Assert.Equal(expected, await ReadAsync(upkeep.Workspace));
        await VerifyRun.OfAsync(client, 0);

        // Most days lose their facts, and keep what they counted for.
        await api.Services.GetRequiredService<Retention>().RunAsync(timed.Now, TestContext.Current.CancellationToken);
        Assert.InRange(await RowsAsync(upkeep.Workspace), 1, facts.Count / 2);
        Assert.Equal(expected, await ReadAsync(upkeep.Workspace));
        await upkeep.RebuildAsync();
        Assert.Equal(expected, await ReadAsync(upkeep.Workspace));
        await VerifyRun.OfAsync(client, 0);
    }

    [Theory, InlineData(13), InlineData(14), InlineData(15), InlineData(16), InlineData(17), InlineData(18), InlineData(19), InlineData(20)]
    public async Task A_rollup_whose_pages_are_lost_is_found(short rollup)
    {
        var client = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(client);
        await SendAsync(client, new Random(rollup), facts: 60);
        await upkeep.CompactAsync();
        await VerifyRun.OfAsync(client, 0);

        await api.Store.ExecuteAsync("delete from rollup_pages where workspace_id = $1 and rollup = $2", [upkeep.Workspace, rollup], default);

        var name = Catalogue.Default.Rollups.Single(one => one.Id == rollup).Name;
        Assert.Contains($"{name}: ", await VerifyRun.OfAsync(client, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_without_its_fact_is_found()
    {
        var client = await api.NewWorkspaceAsync();
        var upkeep = await Upkeep.OfAsync(client);
        await SendAsync(client, new Random(1), facts: 40);
        await VerifyRun.OfAsync(client, 0);

        await api.Store.ExecuteAsync("delete from app_facts where workspace_id = $1 and kind = 3", [upkeep.Workspace], default);

        Assert.Contains("row of app_facts", await VerifyRun.OfAsync(client, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_device_one_hash_is_kept_everywhere_and_of_a_viewer_one_of_each_workspace()
    {
        var hashes = new List<(short Kind, Guid Hash)>();
        foreach (var device in (string[])["Straße-1", "STRASSE-1", "straße-1"])
        {
            var client = await api.NewWorkspaceAsync();
            await NewAppAsync(client, "a:a");
            await client.PostAsync("/api/apps/a:a/devices", new { devices = new[] { new { deviceId = device } } });
            await client.PostAsync("/api/apps/a:a/views", new { views = new[] { new { viewerId = "ann" } } });
            hashes.AddRange(await api.Store.QueryAsync(
                "select kind, hash from app_subjects where workspace_id = $1 order by kind", [(await Upkeep.OfAsync(client)).Workspace],
                row => (row.GetInt16(0), row.GetGuid(1)), default));
        }

        Assert.Equal([1, 2, 1, 2, 1, 2], hashes.Select(one => (int)one.Kind));
        Assert.Equal(3, hashes.Where(one => one.Kind == 1).Distinct().Count());
        Assert.Equal(hashes[1], hashes[5]);
        Assert.NotEqual(hashes[1], hashes[3]);
    }

    async Task<List<Fact>> SendAsync(WorkspaceClient client, Random random, int facts = 3_000)
    {
        foreach (var app in (string[])["o:one", "o:two", "o:three"])
            await NewAppAsync(client, app);
        var sent = Enumerable.Range(0, facts).Select(number => New(number, random)).ToList();
        foreach (var list in sent.GroupBy(fact => (fact.List, fact.App)))
            foreach (var part in list.Chunk(1 + random.Next(200)))
            {
                var body = new JsonObject { [Name(list.Key.List)] = new JsonArray([.. part.Append(part[0]).Select(fact => fact.Sent.DeepClone())]) };
                var answer = await client.PostAsync($"/api/apps/{list.Key.App}/{list.Key.List}", body);
                var repeated = list.Key.List == "devices" ? 0 : 1;
                Assert.Equal(repeated, answer.GetProperty("duplicates").GetInt32());
                Assert.Equal(part.Length + 1 - repeated, answer.GetProperty("inserted").GetInt32());
                if (list.Key.List == "devices")
                    sent.Add(part[0]);
            }

        return sent;
    }

    static string Name(string list) => list == "storage" ? "changes" : list;

    Fact New(int number, Random random)
    {
        var at = timed.Now.AddSeconds(-random.Next(Days * 86_400)).AddTicks(-10 * random.Next(1_000_000));
        var (app, name) = ($"o:{((string[])["one", "two", "three"])[random.Next(3)]}", $"fact-{number}");
        var subject = random.Next(5) == 0 ? null : $"subject-{random.Next(40)}";
        var bytes = random.NextInt64(long.MaxValue / 2) - (random.Next(2) == 0 ? long.MaxValue / 4 : 0);
        var isFailed = random.Next(4) == 0;
        return random.Next(5) switch
        {
            0 => new("views", app, at, new() { ["viewerId"] = subject, ["timestamp"] = at, ["externalId"] = name }, subject),
            1 => new("devices", app, at, new() { ["deviceId"] = subject ?? "x", ["timestamp"] = at }, subject ?? "x"),
            2 => new("downloads", app, at, new() { ["bytes"] = Math.Abs(bytes), ["timestamp"] = at, ["externalId"] = name }, null, Math.Abs(bytes)),
            3 => new("storage", app, at, new() { ["bytes"] = bytes, ["timestamp"] = at, ["externalId"] = name }, null, bytes),
            _ => new("invocations", app, at, new()
            {
                ["method"] = "GET", ["path"] = $"/{number}", ["username"] = subject, ["startedAt"] = at, ["durationMs"] = bytes & 0xFFFF,
                ["statusCode"] = isFailed && number % 2 == 0 ? 500 : 200, ["error"] = isFailed && number % 2 == 1 ? "broken" : null,
                ["memoryPeakBytes"] = Math.Abs(bytes), ["externalId"] = name,
            }, null, bytes, isFailed ? 1 : 0),
        };
    }

    static string Expected(List<Fact> facts) => string.Join('\n',
        from fact in facts
        group fact by (fact.List, fact.App, Day: fact.At.UtcDateTime.Date) into cell
        orderby cell.Key.List, cell.Key.App, cell.Key.Day
        select $"{cell.Key.List} {cell.Key.App} {cell.Key.Day:yyyy-MM-dd} {cell.Count()} " + cell.Key.List switch
        {
            "views" or "devices" => $"{cell.Select(fact => fact.Subject).Where(subject => subject is not null).Distinct().Count()}",
            "invocations" => $"{cell.Sum(fact => fact.Failed)} {cell.Sum(fact => fact.Bytes & 0xFFFF)} {cell.Max(fact => Math.Abs(fact.Bytes))}",
            _ => $"{cell.Aggregate(Int128.Zero, (sum, fact) => sum + fact.Bytes)}",
        });

    async Task<string> ReadAsync(int workspace)
    {
        var apps = await api.Store.QueryAsync(
            "select app, natural_id from apps where workspace_id = $1", [workspace], row => (row.GetInt32(0), row.GetString(1)), default);
        var days = Buckets.Of(new TimeRange(Midnight.AddDays(-Days), Midnight.AddDays(1), Zones.Find("UTC", [])), Interval.Day);
        Rollup[] rollups = [AppRollups.AppViews, AppRollups.AppDevices, AppRollups.AppTraffic, AppRollups.AppInvocations];
        await using var snapshot = await RollupSnapshot.OpenAsync(api.Store, workspace, rollups, default);
        var lines = new List<string>();
        foreach (var rollup in rollups)
        {
            var cells = new Dictionary<(int Day, int App), Cell>();
            await snapshot.ReadAsync(
                rollup, new BucketCover(days, snapshot.Timeline, rollup), [.. apps.Select(app => app.Item1)], CellParts.SumsAndSet,
                (day, app, _) => cells.TryGetValue((day, app), out var cell) ? cell : cells[(day, app)] = new Cell(), default);
            foreach (var ((day, app), cell) in cells)
                lines.AddRange(Words(rollup, cell).Where(words => words.Count > 0).Select(words =>
                    $"{words.List} {apps.First(one => one.Item1 == app).Item2} {days[day].From:yyyy-MM-dd} {words.Count} {words.Sums}"));
        }

        return string.Join('\n', lines.OrderBy(line => line.Split(' ')[0]).ThenBy(line => line.Split(' ')[1]).ThenBy(line => line.Split(' ')[2]));
    }

    static IEnumerable<(string List, long Count, string Sums)> Words(Rollup rollup, Cell cell) =>
        rollup == AppRollups.AppViews ? [("views", (long)cell[0], $"{cell.Set?.Count ?? 0}")]
        : rollup == AppRollups.AppDevices ? [("devices", (long)cell[0], $"{cell.Set?.Count ?? 0}")]
        : rollup == AppRollups.AppInvocations
            ? [("invocations", (long)cell[0], $"{cell[InvocationFacts.Failed]} {cell[InvocationFacts.Duration] / 1_000} {cell.Maximum}")]
            : [("downloads", (long)cell[0], $"{cell[AppFacts.Bandwidth]}"), ("storage", (long)cell[1], $"{cell[AppFacts.Storage]}")];

    DateTimeOffset Midnight => new(timed.Now.UtcDateTime.Date, TimeSpan.Zero);

    async Task<long> RowsAsync(int workspace) => await api.Store.ScalarAsync<long>(
        "select (select count(*) from app_facts where workspace_id = $1) + (select count(*) from invocations where workspace_id = $1)",
        [workspace], default);

    static Task<System.Text.Json.JsonElement> NewAppAsync(WorkspaceClient client, string naturalId) =>
        client.PostAsync("/api/apps", new { natural_id = naturalId, name = naturalId }, 201);
}
