namespace Analytics.Commands.Demo.Life;

/// <summary>What a batch of facts of one kind is called, where it is sent, and what a day has of them.</summary>
sealed record Line(string Name, string Route, Func<DateOnly, IEnumerable<Fact>> OfDay);

/// <summary>
/// What is brought up to now together: the first day that has some of it, up to how many days later what began on a day goes on, and the
/// kinds of facts it consists of.
/// </summary>
sealed record Part(string Name, DateOnly First, int LaterDays, params IReadOnlyList<Line> Lines)
{
    /// <summary>What happens in [from, to), by the days on which it began, the last one first, and by kinds.</summary>
    public IEnumerable<(Line Line, IReadOnlyList<object> Facts)> Between(DateTimeOffset from, DateTimeOffset to)
    {
        for (var day = Rhythm.DayOf(to); day >= First && day >= Rhythm.DayOf(from).AddDays(-LaterDays); day = day.AddDays(-1))
            foreach (var line in Lines)
                yield return (line, [.. line.OfDay(day).Where(fact => fact.At >= from && fact.At < to).OrderBy(fact => fact.At)
                    .Select(fact => fact.Body)]);
    }
}

/// <summary>
/// The life of a small file-sharing product with an AI assistant, as it was up to any day: what a day has follows from the day and from
/// when the workspace was opened, and from nothing else.
/// </summary>
sealed class Story
{
    /// <summary>So far back it goes: a view of 30 days compares with 30 more.</summary>
    public const int Days = 90;

    /// <summary>What it calls events on a page.</summary>
    public static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string>
    {
        ["app.opened"] = "App opened",
        ["assistant.completion"] = "Model call",
        ["assistant.question"] = "Question to the assistant",
        ["assistant.retrieval"] = "Document lookup",
        ["comment.added"] = "Comment",
        ["deploy.failed"] = "Release failed",
        ["deploy.finished"] = "Release",
        ["deploy.rolled_back"] = "Release rolled back",
        ["document.converted"] = "Document converted",
        ["document.page_read"] = "Page read (OCR)",
        ["file.previewed"] = "Preview",
        ["file.scanned"] = "Virus scan",
        ["file.uploaded"] = "Upload",
        ["file_share.completed"] = "Share completed",
        ["file_share.created"] = "Share",
        ["file_share.downloaded"] = "Download",
        ["health_check.failed"] = "Health check failed",
        ["invoice.created"] = "Invoice",
        ["login.failed"] = "Sign-in failed",
        ["mcp.session_ended"] = "Agent's session over",
        ["mcp.session_started"] = "Agent's session",
        ["mcp.tool_invoked"] = "Tool of the MCP server",
        ["member.invited"] = "Invitation",
        ["payment.completed"] = "Payment",
        ["payment.failed"] = "Payment failed",
        ["payment.refunded"] = "Refund",
        ["search.performed"] = "Search",
        ["service.error"] = "Call failed",
        ["service.hosting_billed"] = "Servers",
        ["service.recovered"] = "Service recovered",
        ["service.storage_metered"] = "Storage",
        ["storefront.first_api_call"] = "Storefront: first API call",
        ["storefront.pricing_view"] = "Storefront: prices",
        ["storefront.product_view"] = "Storefront: product",
        ["storefront.signup"] = "Storefront: sign-up",
        ["storefront.subscription"] = "Storefront: subscription",
        ["storefront.visit"] = "Storefront: visit",
        ["subscription.changed"] = "Subscription",
        ["sync.finished"] = "Demo brought up to date",
        ["upload.failed"] = "Upload failed",
    };

    readonly Visits visits;
    readonly Billing billing;
    readonly Operations operations;
    readonly Agents agents;
    readonly Storefront storefront;
    readonly Calls calls;

    public Story(DateOnly opened)
    {
        var (rhythm, first) = (new Rhythm(opened), opened.AddDays(1 - Days));
        (visits, billing, operations, calls) = (new(rhythm), new(rhythm, first), new(rhythm), new(rhythm));
        (agents, storefront) = (new(rhythm), new(rhythm));
        Parts =
        [
            new("events", first, 3, new Line("events", "api/events/ingest", EventsOf)),
            new("requests", first, 0, new Line("requests", "api/requests/ingest", day => calls.Of(day).Select(call => call.Fact))),
            new("apps", first, 0, [.. new Apps(rhythm, first).Lines]),
        ];
    }

    /// <summary>Everything that it has.</summary>
    public IReadOnlyList<Part> Parts { get; }

    IReadOnlyList<Fact> EventsOf(DateOnly day)
    {
        var events = new EventList();
        visits.Add(events, day);
        billing.Add(events, day);
        operations.Add(events, day);
        agents.Add(events, day);
        storefront.Add(events, day);
        foreach (var call in calls.Of(day).Where(call => call is { Status: >= 500, ApiKey: not null }))
            Operations.Report(events, call);
        return events.All;
    }
}
