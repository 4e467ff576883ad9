namespace Analytics.Tests.Faults;

/// <summary>How many clients send batches of which size, how long they wait for an answer, and between two batches.</summary>
public sealed record LoadShape(int Clients = 8, int MinEvents = 20, int MaxEvents = 200)
{
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(60);
}
