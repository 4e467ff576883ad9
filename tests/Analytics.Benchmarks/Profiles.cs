namespace Analytics.Benchmarks;

/// <summary>What kind of events a benchmark sends. Every event has an external id and a cost.</summary>
public sealed record Profile(
    string Name, string[] EventNames, int Customers, double Children, double Late, string[] NumericFields)
{
    static readonly string[] Areas = ["chat", "image", "search", "document", "agent"];
    static readonly string[] Verbs = ["created", "completed", "updated", "exported"];
    static readonly string[] Plain = [.. from area in Areas from verb in Verbs select $"{area}.{verb}"];

    /// <summary>20 names, 1 000 customers, 10 % children, one more numeric field, 2 % late by days.</summary>
    public static readonly Profile Typical = new("typical", Plain, 1_000, 0.10, 0.02, ["duration_ms"]);

    /// <summary>200 names, 50 000 customers, 30 % children, three more numeric fields, 5 % late by days.</summary>
    public static readonly Profile Heavy = new(
        "heavy",
        [.. from name in Plain from step in Enumerable.Range(1, 10) select $"{name}.step_{step:00}"],
        50_000, 0.30, 0.05, ["duration_ms", "bytes", "queue_ms"]);

    /// <summary>The customer's id as events name it.</summary>
    public static string CustomerId(int customer) => $"cust-{customer:000000}";
}
