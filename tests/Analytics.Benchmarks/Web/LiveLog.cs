using Analytics.Tests.Web;

namespace Analytics.Benchmarks.Web;

/// <summary>What the live log does with ten batches of a thousand events each while somebody looks at it.</summary>
static class LiveLog
{
    const string Part = "Dashboard";
    const int Batches = 10;
    const int Batch = 1_000;

    const string CountRows = """
        () => {
          const list = document.querySelector(".tail ol");
          window.mostRows = 0;
          new MutationObserver(() => { window.mostRows = Math.max(window.mostRows, list.childElementCount); }).observe(list, { childList: true });
        }
        """;

    const string HasReceived = "count => Number(document.querySelector('.tail-counts')?.dataset.received) >= count";

    public static async Task RunAsync(Run run, ServiceUnderTest service, Browser browser, int tries, CancellationToken cancel)
    {
        var found = new List<Figures>();
        for (var time = 0; time < tries; time++)
        {
            var slug = $"live-{time}";
            var workspace = await service.CreateWorkspaceAsync(Profile.Typical, slug, registerFields: false, cancel);
            found.Add(await FollowAsync(service, browser, slug, workspace, new Lane(Profile.Typical, run.Options.Seed, 9_800 + time), cancel));
            if (found[^1].Received != Batches * Batch)
                run.Report.Fault($"{Part}: of {Batches * Batch} events the live log showed {found[^1].Received}.");
            await Reckoning.CheckAsync(run, Part, service, workspace, cancel);
        }

        var best = found.MinBy(each => each.Longest.OnClock)!;
        run.Report.Add(new(Part, "10 000 live events on Log: longest task, best of three", best.Longest.OnClock, "ms", Goal: Goal.AtMost(200),
            Note: $"{Report.Short(found.Min(each => each.Longest.OnProcessor))} ms of the processor", Headline: true));
        run.Report.Add(new(Part, "10 000 live events on Log: most rows in the page", found.Max(each => each.Rows), "rows", Goal: Goal.AtMost(500)));
        run.Report.Add(new(Part, "10 000 live events on Log: growth of the heap", found.Max(each => each.Grown), "MB", Goal: Goal.AtMost(30)));
    }

    static async Task<Figures> FollowAsync(
        ServiceUnderTest service, Browser browser, string slug, TestWorkspace workspace, Lane lane, CancellationToken cancel)
    {
        await using var visitor = await browser.SignedInAsync(workspace.Key);
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(browser.Address($"{slug}/log").ToString());
        await page.Locator(".tail-state.is-live").WaitForAsync();
        await page.EvaluateAsync(CountRows);
        var before = await Heap.MegabytesAsync(page);
        var thread = await MainThread.WatchAsync(page);
        using var connection = await KeepAlive.OpenAsync(service.Port, cancel);
        var events = new IngestRequest(lane, workspace.Key);
        for (var batch = 1; batch <= Batches; batch++)
        {
            var now = Clock.Microseconds();
            var answer = await connection.SendAsync(events.Batch(Batch, now - 1_000_000, now).Bytes, cancel);
            if (answer.Status != 200)
                throw new InvalidOperationException($"A batch was answered {answer.Status}: {answer.Text}");
            workspace.Tally.Acknowledge(answer);
            await page.WaitForFunctionAsync(HasReceived, batch * Batch);
        }

        // What came twice would come now.
        await page.WaitForTimeoutAsync(500);
        var tasks = await thread.EndAsync();
        var received = await page.Locator(".tail-counts").GetAttributeAsync("data-received");
        return new(
            int.Parse(received!, System.Globalization.CultureInfo.InvariantCulture), Longest.Of(tasks),
            await page.EvaluateAsync<int>("() => window.mostRows"), await Heap.MegabytesAsync(page) - before);
    }

    sealed record Figures(int Received, PageTask Longest, int Rows, double Grown);
}
