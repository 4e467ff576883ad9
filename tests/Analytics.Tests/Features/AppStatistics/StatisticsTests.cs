using System.Text.Json;

namespace Analytics.Tests.Features.AppStatistics;

public sealed class StatisticsTests(AnalyticsApi api)
{
    static readonly DateOnly Day = new(2026, 3, 11);

    [Fact]
    public async Task A_device_counts_on_its_day_and_the_29_after_it()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync();
        await TellAsync(told => told.Device(Shop(workspace), Day, "a"));

        var data = Data(await workspace.GetAsync($"/statistics/org/{workspace.Id}/?{Range(Day.AddDays(-2), Day.AddDays(32))}"));

        Assert.Equal([0, 0, .. Enumerable.Repeat(1, 30), 0, 0], data.Select(row => row.GetProperty("mau").GetInt32()));
        Assert.Equal(Enumerable.Range(-2, 34).Select(days => $"{Day.AddDays(days):yyyy-MM-dd}"), data.Select(row => row.GetProperty("date").GetString()));
    }

    [Fact]
    public async Task Apps_that_share_a_device_count_it_once_and_downloads_count_none()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync("acme:shop");
        await workspace.NewAppAsync("acme:office");
        await workspace.PostAsync("/api/apps/acme:shop/devices", new { devices = new[] { Device("X-1"), Device("x-2") } });
        await workspace.PostAsync("/api/apps/acme:office/devices", new { devices = new[] { Device("x-1") } });
        await workspace.PostAsync("/api/apps/acme:office/downloads", new { downloads = new[] { new { bytes = 5, deviceId = "x-9", timestamp = "2026-03-11T12:00:00Z" } } });

        Assert.Equal(2, await MauAsync(workspace, $"/statistics/org/{workspace.Id}"));
        Assert.Equal(2, await MauAsync(workspace, "/statistics/user"));
        Assert.Equal(2, (await workspace.GetAsync($"/statistics/app/acme:shop?{OneDay}")).GetProperty("data").GetProperty("mau").GetInt32());
        Assert.Equal(1, (await workspace.GetAsync($"/statistics/app/acme:office?{OneDay}")).GetProperty("data").GetProperty("mau").GetInt32());
    }

    [Fact]
    public async Task The_same_device_in_two_workspaces_is_one_for_their_user()
    {
        var (one, two, foreign) = (await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync());
        foreach (var (workspace, devices) in new[] { (one, "a b c"), (two, "B d"), (foreign, "e f g h") })
        {
            await workspace.NewAppAsync();
            await workspace.PostAsync("/api/apps/acme:shop/devices", new { devices = devices.Split(' ').Select(Device) });
        }

        var (_, user) = await api.NewUserAsync((one, "viewer"), (two, "member"));
        var (_, nobody) = await api.NewUserAsync();

        Assert.Equal(4, await MauAsync(user, "/statistics/user/"));
        Assert.Equal(3, await MauAsync(user, $"/statistics/org/{one.Slug}"));
        Assert.Equal(0, await MauAsync(nobody, "/statistics/user/"));
    }

    [Fact]
    public async Task Storage_is_carried_forward_below_zero_and_beyond_what_a_double_holds()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync();
        await TellAsync(told =>
        {
            told.Change(Shop(workspace), Day.AddDays(-400), -10);
            told.Change(Shop(workspace), Day, long.MaxValue);
            told.Change(Shop(workspace), Day.AddDays(1), long.MaxValue);
            told.Change(Shop(workspace), Day.AddDays(2), 3);
            told.Download(Shop(workspace), Day, (1L << 53) + 1);
            told.Download(Shop(workspace), Day.AddDays(1), long.MaxValue);
        });

        var answer = await workspace.GetAsync($"/statistics/org/{workspace.Id}?{Range(Day.AddDays(-1), Day.AddDays(4))}");
        var running = await workspace.GetAsync($"/statistics/org/{workspace.Id}?{Range(Day, Day.AddDays(3))}&accumulate=true");

        Assert.Equal(["-10", "9223372036854775797", "18446744073709551604", "18446744073709551607", "18446744073709551607"], Texts(answer, "storage"));
        Assert.Equal(["0", "9007199254740993", "9223372036854775807", "0", "0"], Texts(answer, "bandwidth"));
        Assert.Equal(["9007199254740993", "9232379236109516800", "9232379236109516800"], Texts(running, "bandwidth"));
    }

    [Fact]
    public async Task Ratios_are_rounded_and_0_of_nothing()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var app in (string[])["acme:shop", "acme:office", "acme:idle"])
            await workspace.NewAppAsync(app);
        var told = new ToldFacts();
        told.Change(Shop(workspace), Day, -5);
        told.Change(new(workspace, "acme:office"), Day.AddDays(1), 1006);
        foreach (var device in (string[])["a", "b", "c"])
            told.Device(Shop(workspace), Day.AddDays(1), device);
        told.Download(Shop(workspace), Day, 7);
        told.Download(Shop(workspace), Day.AddDays(1), 200);
        await told.SendAsync(new Random(1));

        var answer = await workspace.GetAsync($"/statistics/org/{workspace.Id}?{Range(Day.AddDays(-1), Day.AddDays(2))}&ratios=true&breakdown=app");

        Assert.Equal(["0", "0", "66.67"], Texts(answer, "bandwidth_per_user"));
        Assert.Equal(["0", "-5", "500.5"], Texts(answer, "storage_per_app"));
        var idle = answer.GetProperty("by_app").EnumerateArray().Single(app => app.GetProperty("natural_id").GetString() == "acme:idle");
        Assert.Equal(["0", "0", "0"], Texts(idle, "storage_per_app"));
        var plain = Data(await workspace.GetAsync($"/statistics/org/{workspace.Id}?{OneDay}"));
        Assert.Equal(["date", "mau", "storage", "bandwidth"], plain[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_deleted_app_counts_for_the_workspace_and_is_left_out_of_the_breakdown()
    {
        var workspace = await api.NewWorkspaceAsync();
        foreach (var app in (string[])["acme:shop", "acme:office"])
        {
            await workspace.NewAppAsync(app);
            await TellAsync(told =>
            {
                told.Device(new(workspace, app), Day, app);
                told.Change(new(workspace, app), Day, 100);
                told.Download(new(workspace, app), Day, 10);
            });
        }

        await workspace.DeleteAsync("/api/apps/acme:shop");
        await workspace.NewAppAsync("acme:shop");

        var answer = await workspace.GetAsync($"/statistics/org/{workspace.Id}?{OneDay}&breakdown=app&ratios=true");
        Assert.Equal("""{"date":"2026-03-11","mau":2,"storage":200,"bandwidth":20,"bandwidth_per_user":10,"storage_per_app":100}""", Data(answer)[0].GetRawText());
        var apps = answer.GetProperty("by_app").EnumerateArray().ToList();
        Assert.Equal(["acme:office", "acme:shop"], apps.Select(app => app.GetProperty("natural_id").GetString()));
        Assert.Equal(["1", "0"], apps.Select(app => Texts(app, "mau").Single()));
    }

    [Fact]
    public async Task Days_at_the_ends_of_time_are_there_and_empty()
    {
        var workspace = await api.NewWorkspaceAsync();
        var app = await workspace.NewAppAsync();
        await TellAsync(told =>
        {
            told.Device(Shop(workspace), new(2000, 1, 1), "a");
            told.Change(Shop(workspace), new(2000, 1, 1), 7);
        });

        foreach (var (from, to, mau, storage) in new[]
        {
            ("0001-01-01", "0001-04-01", 0, "0"), ("1999-10-15", "2000-01-01", 0, "0"), ("1999-12-30", "2000-01-02", 1, "7"),
            ("2000-01-30", "2000-01-31", 1, "7"), ("2000-01-31", "2000-02-01", 0, "7"), ("9999-10-02", "9999-12-31", 0, "7"),
        })
        {
            var data = Data(await workspace.GetAsync($"/statistics/org/{workspace.Id}?from={from}&to={to}"));
            Assert.Equal(from, data[0].GetProperty("date").GetString());
            Assert.Equal(DateOnly.Parse(to).AddDays(-1), DateOnly.Parse(data[^1].GetProperty("date").GetString()!));
            Assert.Equal((from, mau, storage), (from, data[^1].GetProperty("mau").GetInt32(), data[^1].GetProperty("storage").GetRawText()));
            var last = await workspace.GetAsync($"/statistics/app/{app}?from={from}&to={to}&compare=previous_year&ratios=true");
            Assert.Equal(storage, last.GetProperty("data").GetProperty("storage").GetRawText());
        }
    }

    [Fact]
    public async Task A_range_of_no_days_is_an_empty_list_and_no_day_of_an_app()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync();
        const string none = "from=2026-03-11&to=2026-03-11";

        Assert.Equal("""{"data":[]}""", (await workspace.GetAsync($"/statistics/org/{workspace.Id}?{none}")).GetRawText());
        Assert.Equal("""{"data":[],"previous":[]}""", (await workspace.GetAsync($"/statistics/user?{none}&compare=previous_year")).GetRawText());
        var refusal = await workspace.GetAsync($"/statistics/app/acme:shop?{none}", 400);
        Assert.Equal("Invalid date format. Use YYYY-MM-DD", refusal.GetProperty("error").GetString());
    }

    [Fact]
    public async Task As_csv_a_day_is_a_row()
    {
        var workspace = await api.NewWorkspaceAsync();
        await workspace.NewAppAsync();
        await TellAsync(told => told.Change(Shop(workspace), Day, -7));
        const string header = "date,mau,storage,bandwidth\r\n";

        Assert.Equal($"{header}2026-03-11,0,-7,0\r\n2026-03-12,0,-7,0\r\n", await CsvAsync($"/statistics/org/{workspace.Id}?from=2026-03-11&to=2026-03-13&breakdown=app"));
        Assert.Equal($"{header}2026-03-12,0,-7,0\r\n", await CsvAsync("/statistics/app/acme:shop?from=2026-03-11&to=2026-03-13&compare=previous_period"));
        Assert.Equal(header, await CsvAsync("/statistics/user?from=2026-03-11&to=2026-03-11"));
        Assert.Equal("date,mau,storage,bandwidth,bandwidth_per_user,storage_per_app\r\n", await CsvAsync("/statistics/user?from=2026-03-11&to=2026-03-11&ratios=true"));
        Assert.Equal("date,mau,storage,bandwidth,bandwidth_per_user,storage_per_app\r\n2026-03-11,0,-7,0,0,-7\r\n", await CsvAsync($"/statistics/user?{OneDay}&ratios=true"));

        Task<string> CsvAsync(string path) => workspace.Http.GetStringAsync(path + "&format=csv");
    }

    const string OneDay = "from=2026-03-11&to=2026-03-12";

    static string Range(DateOnly from, DateOnly to) => $"from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}";

    static ToldFacts.App Shop(WorkspaceClient workspace) => new(workspace, "acme:shop");

    static object Device(string id) => new { deviceId = id, timestamp = "2026-03-11T12:00:00Z" };

    static async Task TellAsync(Action<ToldFacts> tell)
    {
        var told = new ToldFacts();
        tell(told);
        await told.SendAsync(new Random(1));
    }

    static async Task<int> MauAsync(ApiClient client, string path) => Data(await client.GetAsync($"{path}?{OneDay}"))[0].GetProperty("mau").GetInt32();

    static List<JsonElement> Data(JsonElement answer) => [.. answer.GetProperty("data").EnumerateArray()];

    static IEnumerable<string> Texts(JsonElement answer, string member) => Data(answer).Select(row => row.GetProperty(member).GetRawText());
}
