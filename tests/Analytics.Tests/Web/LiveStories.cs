using System.Collections.Concurrent;
using System.Text.Json;
using Analytics.Storage;
using Analytics.Tests.Features.Requests;
using Analytics.Tests.Features.Streams;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Analytics.Tests.Web;

/// <summary>What the live log shows of what is ingested meanwhile: all of it, once, in the order in which it was committed.</summary>
public sealed class LiveStories(AnalyticsApi api, Chromium chromium, ITestOutputHelper output) : Story(api, chromium)
{
    /// <summary>Milliseconds of a task that readers do not feel; a machine that runs the other tests too takes three times as long.</summary>
    const double LongestTask = 200 * 3;

    const double MostMegabytes = 30;

    const string NoteTasks = """
        () => {
          window.tasks = [];
          new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask" });
        }
        """;

    const string LongestSince = "() => Math.max(0, ...window.tasks.splice(0))";

    // Looks back until so many lines were shown: what was there after each press. The driver would take longer than the page.
    const string LookBack = """
        async (count) => {
          const rows = () => [...document.querySelectorAll(".tail-row")];
          const older = () => [...document.querySelectorAll(".tail-foot button")].find((each) => each.textContent === "Show older lines");
          const holds = async (isSo) => {
            for (const begun = performance.now(); !isSo(); await new Promise(requestAnimationFrame))
              if (performance.now() - begun > 60_000) throw new Error("There are no older lines.");
          };
          const views = [rows().map((row) => row.dataset.id)];
          while (new Set(views.flat()).size < count) {
            await holds(older);
            older().click();
            await holds(() => rows().at(-1)?.dataset.id !== views.at(-1).at(-1));
            views.push(rows().map((row) => row.dataset.id));
          }
          return JSON.stringify(views);
        }
        """;

    // The driver keeps every tab in sight: here one is told what a browser tells it.
    const string BeSeen = """
        (isSeen) => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => !isSeen });
          Object.defineProperty(document, "visibilityState", { configurable: true, get: () => (isSeen ? "visible" : "hidden") });
          document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
        }
        """;

    [Fact]
    public async Task Ten_thousand_events_come_once_each_in_the_order_of_their_commit()
    {
        const int Batches = 10;
        const int Batch = 1_000;
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        await visitor.GoAsync($"{workspace.Slug}/log");
        await Expect(visitor.Page.Log().State).ToHaveTextAsync("Live");
        await visitor.Page.EvaluateAsync(NoteTasks);
        var before = await Heap.MegabytesAsync(visitor.Page);

        var (seen, longest) = (new List<string>(), new List<double>());
        for (var batch = 0; batch < Batches; batch++)
        {
            // Once the reader holds the log while a batch comes.
            if (batch == Batches / 2)
                await HeldAsync(visitor, workspace, batch * Batch, Batch);
            else
                await workspace.IngestAsync(Numbered.Events(batch * Batch, Batch));
            await Expect(visitor.Page.Log().Counts).ToHaveAttributeAsync("data-received", $"{(batch + 1) * Batch}");
            longest.Add(await visitor.Page.EvaluateAsync<double>(LongestSince));
            seen.AddRange(await ReadBackAsync(visitor, Batch));
            // Looking back is not what the batches cost.
            await visitor.Page.EvaluateAsync<double>(LongestSince);
        }

        await Expect(visitor.Page.Log().Counts).ToHaveTextAsync("10,000 received, 0 caught up");
        var numbers = await NumbersAsync(workspace);
        Assert.Equal(Enumerable.Range(0, Batches * Batch), seen.Select(id => numbers[id]));
        var grown = await Heap.MegabytesAsync(visitor.Page) - before;
        // Of a batch in the middle: a machine that stands still for a moment is not the page's doing.
        var typical = longest.Order().ElementAt(Batches / 2);
        output.WriteLine($"While a batch came the longest task took {typical:0} ms, the heap grew by {grown:0.0} MB.");
        Assert.InRange(typical, 0, LongestTask);
        Assert.InRange(grown, -MostMegabytes, MostMegabytes);
    }

    [Fact]
    public async Task A_stream_that_is_cut_again_and_again_misses_nothing_and_says_when_it_could_not()
    {
        const int Cuts = 20;
        const int Batches = 50;
        // As many as the page shows at once: what is never drawn is never noted.
        const int Batch = 100;
        var workspace = await Api.NewWorkspaceAsync();
        await using var wire = Wire.To(Api.Address.Port);
        var visitor = await SignedInAsync(workspace, service: wire.Address);
        visitor.Foresees("console: Failed to load resource: net::ERR_");
        await visitor.GoAsync($"{workspace.Slug}/log");
        await Expect(visitor.Page.Log().State).ToHaveTextAsync("Live");
        await Expect(visitor.Page.Log().Reach).ToContainTextAsync("That is all");
        await visitor.Page.EvaluateAsync(LogLocators.NoteIds);

        for (var batch = 0; batch < Batches; batch++)
        {
            // Two in five are cut off somewhere, most of the time in the middle of a record.
            if (batch % 5 < 2)
                wire.CutAfter(Random.Shared.Next(200, 30_000));
            await workspace.IngestAsync(Numbered.Events(batch * Batch, Batch));
            await Expect(visitor.Page.Log().Counts).ToHaveAttributeAsync("data-received", $"{(batch + 1) * Batch}");
        }

        Assert.Equal(Cuts, wire.Cuts);
        var sent = (await NumbersAsync(workspace)).Keys;
        Assert.Equal(Batches * Batch, sent.Count);
        Assert.Equal(sent.Order(), (await visitor.Page.EvaluateAsync<string[]>("() => [...window.ids]")).Order());
        await ForgetsAsync(workspace, visitor, wire, Batches * Batch);
    }

    [Fact]
    public async Task Of_seven_tabs_only_the_one_in_sight_holds_a_stream_and_each_catches_up_when_it_is_shown()
    {
        var workspace = await Api.NewWorkspaceAsync();
        var visitor = await SignedInAsync(workspace);
        var streams = Streams(visitor);
        var tabs = new List<IPage>();
        for (var tab = 0; tab < 7; tab++)
        {
            var page = await visitor.Context.NewPageAsync();
            await page.GotoAsync($"{Api.Address}ui/{workspace.Slug}/{(tab % 2 == 0 ? "log" : "api?period=today")}");
            await Expect(tab % 2 == 0 ? page.Log().State : Requests(page)).ToHaveTextAsync(tab % 2 == 0 ? "Live" : "0");
            foreach (var other in tabs)
                await other.EvaluateAsync(BeSeen, false);
            tabs.Add(page);
        }

        await Until.HoldsAsync(() => streams.Count == 1, $"{streams.Count} streams are open.");
        await Expect(tabs[0].Log().State).ToHaveTextAsync("Let go while this tab is hidden");
        await workspace.IngestAsync(Numbered.Events(0, 300));
        await workspace.SendAsync(new Sent(TimeProvider.System.GetUtcNow()));
        await Expect(tabs[6].Log().Counts).ToHaveAttributeAsync("data-received", "301");

        for (var tab = 5; tab >= 0; tab--)
        {
            await tabs[tab + 1].EvaluateAsync(BeSeen, false);
            await tabs[tab].EvaluateAsync(BeSeen, true);
            if (tab % 2 == 0)
                await Expect(tabs[tab].Log().Counts).ToHaveTextAsync("301 received, 301 caught up");
            else
                await Expect(Requests(tabs[tab])).ToHaveTextAsync("1");
        }

        await Until.HoldsAsync(() => streams.Count == 1, $"{streams.Count} streams are open.");
    }

    /// <summary>A batch that comes while the reader has pressed pause: it is counted, nothing moves, and going on shows it.</summary>
    static async Task HeldAsync(Visitor visitor, WorkspaceClient workspace, int first, int count)
    {
        var log = visitor.Page.Log();
        await visitor.Page.Keyboard.PressAsync(" ");
        await Expect(log.State).ToHaveTextAsync("Paused");
        var newest = await log.Rows.First.GetAttributeAsync("data-id") ?? "";
        await workspace.IngestAsync(Numbered.Events(first, count));
        await Expect(log.Counts).ToHaveAttributeAsync("data-held", $"{count}");
        await Expect(log.Newest).ToHaveTextAsync(FormattableString.Invariant($"{count:N0} newer"));
        await Expect(log.Rows.First).ToHaveAttributeAsync("data-id", newest);
        await visitor.Page.Keyboard.PressAsync(" ");
        await Expect(log.State).ToHaveTextAsync("Live");
        await Expect(log.Counts).ToHaveAttributeAsync("data-held", "0");
    }

    /// <summary>The ids of the last lines, the oldest first, read by looking back until there are enough.</summary>
    static async Task<IEnumerable<string>> ReadBackAsync(Visitor visitor, int count)
    {
        var log = visitor.Page.Log();
        var last = await log.Rows.Last.GetAttributeAsync("data-id") ?? "";
        await log.Older.ClickAsync();
        await Expect(log.Rows.Last).Not.ToHaveAttributeAsync("data-id", last);
        List<string> read = [];
        foreach (var shown in JsonSerializer.Deserialize<string[][]>(await visitor.Page.EvaluateAsync<string>(LookBack, count))!)
        {
            Assert.InRange(shown.Length, 1, 500);
            read = [.. read.TakeWhile(id => id != shown[0]), .. shown];
        }

        await log.Newest.ClickAsync();
        await Expect(log.Newest).ToHaveCountAsync(0);
        return read.Take(count).Reverse();
    }

    /// <summary>Away for longer than the stream reaches back: the page looks for everything anew, and goes on.</summary>
    static async Task ForgetsAsync(WorkspaceClient workspace, Visitor visitor, Wire wire, int received)
    {
        var log = visitor.Page.Log();
        wire.Break();
        await Expect(log.State).ToHaveTextAsync("Connection lost, trying again");
        var key = await Commands.RandomLife.KeyOfAsync(workspace);
        // As if so many had been told meanwhile.
        await workspace.Api.Store.ExecuteAsync(
            "update workspace_seq set log_seq = log_seq + 100001 where workspace_id = $1", [key], default);
        var before = await log.IdsAsync();
        wire.Mend();
        await Expect(log.State).ToHaveTextAsync("Live");
        await workspace.IngestAsync(Numbered.Event(received));

        await Expect(log.Counts).ToHaveAttributeAsync("data-received", $"{received + 1}");
        await Expect(log.Rows).ToHaveCountAsync(before.Length);
        var shown = await log.IdsAsync();
        Assert.DoesNotContain(shown[0], before);
        Assert.Subset(before.ToHashSet(), shown[1..].ToHashSet());
    }

    /// <summary>The numbers of all events by their ids.</summary>
    static async Task<Dictionary<string, int>> NumbersAsync(WorkspaceClient workspace)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var cursor = ""; cursor is not null;)
        {
            var page = await workspace.GetAsync($"/api/events?limit=1000{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            foreach (var found in page.GetProperty("data").EnumerateArray())
                numbers.Add(found.GetProperty("id").GetString()!, found.GetProperty("metadata").GetProperty("n").GetInt32());
            cursor = page.GetProperty("meta").GetProperty("next_cursor") is { ValueKind: JsonValueKind.String } next ? next.GetString() : null;
        }

        return numbers;
    }

    /// <summary>The streams that the browser holds open, as they come and go.</summary>
    static ConcurrentDictionary<IRequest, byte> Streams(Visitor visitor)
    {
        var open = new ConcurrentDictionary<IRequest, byte>();
        visitor.Context.Request += (_, request) => _ = request.Url.Contains("/stream?", StringComparison.Ordinal) && open.TryAdd(request, 0);
        visitor.Context.RequestFailed += (_, request) => open.TryRemove(request, out byte _);
        visitor.Context.RequestFinished += (_, request) => open.TryRemove(request, out byte _);
        return open;
    }

    /// <summary>How many requests the page of the API counts.</summary>
    static ILocator Requests(IPage page) => page.Locator("[data-metric=totalRequests] .tile-value").First;
}
