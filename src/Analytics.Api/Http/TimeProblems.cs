using Analytics.Contract;
using Analytics.Time;

namespace Analytics.Http;

/// <summary>Tells what is wrong with times.</summary>
static class TimeProblems
{
    /// <summary>Throws a 400 with every problem when there are any.</summary>
    public static void Refuse(this IReadOnlyCollection<TimeProblem> problems)
    {
        if (problems.Count > 0)
            throw ProblemException.Invalid(
                [.. problems.Select(problem => new Problem(problem.Parameter, problem.Code, problem.Message))]);
    }
}
