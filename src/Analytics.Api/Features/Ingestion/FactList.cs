namespace Analytics.Features.Ingestion;

/// <summary>A list of facts that a body may hold: its name, what one of them is called, and the draft they are read into.</summary>
sealed record FactList(string Name, string One, Func<byte[], IngestScope, Findings, FactDraft> NewDraft)
{
    public const int MaxFacts = 10_000;

    public static readonly FactList Events = new("events", "An event", (body, scope, findings) => new EventDraft(body, scope, findings));

    public static readonly FactList Requests =
        new("requests", "A request", (body, scope, findings) => new RequestDraft(body, scope, findings));
}
