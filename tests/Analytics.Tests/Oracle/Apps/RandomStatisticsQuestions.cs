namespace Analytics.Tests.Oracle.Apps;

/// <summary>Questions of section 7, around a day: ranges of no day, one, 89 and 90 days, into the future and before everything.</summary>
sealed class RandomStatisticsQuestions(Random random, DateOnly today)
{
    public IEnumerable<StatisticsQuestion> Some(int count, IReadOnlyList<StatisticsScope> scopes) =>
        Enumerable.Range(0, count).Select(number => One(scopes[number % scopes.Count]));

    StatisticsQuestion One(StatisticsScope scope)
    {
        var days = random.Next(6) switch { 0 => 0, 1 => 1, 2 => 89, 3 => 90, _ => random.Next(91) };
        if (scope.App is not null && days == 0)
            days = 7;
        var to = today.AddDays(random.Next(5) switch { 0 => 1, 1 => random.Next(60), 2 => -random.Next(600), _ => -random.Next(120) });
        return new(scope, to.AddDays(-days), to)
        {
            IsAccumulated = random.Next(2) == 0,
            HasRatios = random.Next(2) == 0,
            IsByApp = random.Next(2) == 0,
            Compare = random.Next(3) switch { 0 => "previous_period", 1 => "previous_year", _ => null },
        };
    }
}
