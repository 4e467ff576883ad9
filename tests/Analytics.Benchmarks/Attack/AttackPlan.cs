namespace Analytics.Benchmarks.Attack;

/// <summary>What the attacking process is told: whom to attack, by which tenant's key, and for how long.</summary>
public sealed record AttackPlan(int Port, Guid Workspace, string Key, int Seconds);

/// <summary>How one kind of attack was answered: so many of each outcome.</summary>
public sealed record AttackAnswers(string Kind, int Connections, Dictionary<string, int> Outcomes);
