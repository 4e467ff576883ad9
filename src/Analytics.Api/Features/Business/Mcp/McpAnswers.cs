using System.Text.Json.Serialization;
using Analytics.Http;

namespace Analytics.Features.Business.Mcp;

/// <summary>The tools that were invoked.</summary>
/// <param name="Tools">Most used first, equal ones by name, then by server.</param>
public sealed record ToolsAnswer(IReadOnlyList<ToolAnswer> Tools);

/// <summary>A tool of a server and its invocations.</summary>
/// <param name="Tool">Its name; <c>unknown</c> where invocations do not say.</param>
/// <param name="Server">The server that has it; null where invocations do not say.</param>
/// <param name="Invocations">How often it was invoked.</param>
/// <param name="Errors">Those of them whose status is an error.</param>
/// <param name="ErrorRate">These in percent.</param>
/// <param name="AvgDurationMs">What those took on average that say so, in milliseconds; 0 when none does.</param>
/// <param name="P95DurationMs">Of twenty of these one took longer, in milliseconds; 0 when none says so.</param>
/// <param name="RevenueCents">What they earned, exact.</param>
/// <param name="SharePercent">Their part of all invocations.</param>
public sealed record ToolAnswer(
    string Tool,
    string? Server,
    long Invocations,
    long Errors,
    ExactNumber ErrorRate,
    ExactNumber AvgDurationMs,
    ExactNumber P95DurationMs,
    ExactNumber RevenueCents,
    ExactNumber SharePercent);

/// <summary>The agents that invoked tools.</summary>
/// <param name="Agents">Those with most invocations first, equal ones by name.</param>
public sealed record AgentsAnswer(IReadOnlyList<AgentAnswer> Agents);

/// <summary>An agent and its invocations.</summary>
/// <param name="Agent">Its name; <c>unknown</c> where invocations do not say.</param>
/// <param name="Invocations">How many it made.</param>
/// <param name="Sessions">In how many distinct sessions.</param>
/// <param name="RevenueCents">What they earned, exact.</param>
/// <param name="SharePercent">Their part of all invocations.</param>
public sealed record AgentAnswer(string Agent, long Invocations, long Sessions, ExactNumber RevenueCents, ExactNumber SharePercent);

/// <summary>Sessions, each counted at its begin.</summary>
/// <param name="TotalSessions">How many began.</param>
/// <param name="ActiveSessions">Now, whatever the period: those that have not ended and were heard from in the last 30 minutes.</param>
/// <param name="AvgDurationSeconds">How long those lasted on average that have ended; 0 when none has.</param>
/// <param name="P95DurationSeconds">Of twenty of these one lasted longer; 0 when none has ended.</param>
/// <param name="Daily">How many began, hour by hour, day by day or month by month.</param>
public sealed record SessionsAnswer(
    long TotalSessions,
    long ActiveSessions,
    ExactNumber AvgDurationSeconds,
    ExactNumber P95DurationSeconds,
    IReadOnlyList<SessionsOfDay> Daily);

/// <summary>The sessions that began in a bucket.</summary>
/// <param name="Date">Its date, <c>YYYY-MM-DD</c>; the instant of an hour.</param>
/// <param name="Sessions">How many.</param>
/// <param name="Partial">Whether it is not over yet or cut by the range.</param>
public sealed record SessionsOfDay(
    string Date, long Sessions, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Partial);
