using System.Text.Json.Nodes;
using Analytics.Features.AppStatistics;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Rollups.Reading;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Analytics.Tests.Features.AppStatistics;

/// <summary>Devices of three workspaces, many in two or all of them: few in January, many in March.</summary>
public sealed class DistinctDevicesTests(AnalyticsApi api)
{
    static readonly DateOnly First = new(2026, 1, 1);
    static readonly DateOnly End = new(2026, 3, 31);

    readonly Dictionary<DateOnly, HashSet<string>> together = [];

    [Fact]
    public async Task More_devices_than_are_held_are_counted_by_a_sample_but_for_small_windows()
    {
        var workspaces = new List<WorkspaceClient>();
        for (var number = 0; number < 3; number++)
        {
            workspaces.Add(await api.NewWorkspaceAsync());
            await workspaces[number].NewAppAsync();
            await TellAsync(workspaces[number], new Random(number), number * 3_000);
        }

        await using var read = await BoundedRead.OpenAsync(api.Services.GetRequiredService<NpgsqlDataSource>(), TestContext.Current.CancellationToken);
        var devices = await StoredAsync(read, workspaces);
        var windows = new WindowCounts(StatisticsDays.Window);

        var exact = await new DistinctDevices(read, windows).CountAsync(devices);
        var sampled = await new DistinctDevices(read, windows, most: 3_000).CountAsync(devices);

        Assert.Equal(Enumerable.Range(0, exact.Length).Select(Expected), exact);
        Assert.Equal(exact[..31], sampled[..31]);
        Assert.NotEqual(exact, sampled);
        for (var place = 31; place < exact.Length; place++)
            Assert.InRange(sampled[place], exact[place] * 0.93, exact[place] * 1.07);
    }

    /// <summary>Until the end of January some 200 devices, then some 8 000 of 9 000, of which the next workspace has two thirds.</summary>
    async Task TellAsync(WorkspaceClient workspace, Random random, int from)
    {
        var facts = new List<JsonObject>();
        for (var day = First; day < End; day = day.AddDays(1))
            foreach (var device in Enumerable.Range(0, day.Month == 1 ? 6 : 150).Select(_ => $"d-{from + random.Next(day.Month == 1 ? 300 : 9_000)}"))
            {
                (together.TryGetValue(day, out var known) ? known : together[day] = []).Add(device);
                facts.Add(new() { ["deviceId"] = device, ["timestamp"] = $"{day:yyyy-MM-dd}T12:00:00Z" });
            }

        foreach (var some in facts.Chunk(10_000))
            await workspace.PostAsync("/api/apps/acme:shop/devices", new JsonObject { ["devices"] = new JsonArray([.. some]) });
    }

    async Task<List<DevicesOfWorkspace>> StoredAsync(BoundedRead read, List<WorkspaceClient> workspaces)
    {
        var devices = new List<DevicesOfWorkspace>();
        foreach (var workspace in workspaces)
        {
            await using var command = api.Store.CreateCommand("select workspace_id from workspaces where id = $1");
            command.Parameters.Add(new() { Value = workspace.Id });
            var key = (int)(await command.ExecuteScalarAsync())!;
            var stored = new StoredDays(
                await RollupSnapshot.WithinAsync(read, key, StoredDays.Rollups), new(First.DayNumber, End.DayNumber), read.Cancel);
            devices.Add(new(key, (await stored.DevicesAsync(null))[0]));
        }

        return devices;
    }

    int Expected(int place) => Enumerable.Range(-29, 30).SelectMany(ago => together.GetValueOrDefault(First.AddDays(place + ago)) ?? []).Distinct().Count();
}
