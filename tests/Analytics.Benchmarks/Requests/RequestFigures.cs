namespace Analytics.Benchmarks.Requests;

/// <summary>What the report says of the questions.</summary>
static class RequestFigures
{
    const double Growth = 1.3;

    public static void Tell(Report report, string part, List<RequestSet> sets)
    {
        foreach (var set in sets)
        {
            foreach (var question in set.Questions)
                report.Add(new(part, $"{set.Name}: {question.Name}, p95", set.AtRest.P95(question), "ms",
                    set.AtRest.OfRows.TryGetValue(question, out var rows) ? rows : null, question.Goal, Note(set, question),
                    Headline: question.IsHeadline && ReferenceEquals(set, sets[^1])));
            TellSlow(report, part, $"{set.Name}: questions slower than wanted at rest", set.Questions, set.AtRest);
            TellSlow(report, part, $"{set.Name}: questions slower than wanted right after the load", set.Questions, set.Fresh);
        }

        if (sets.Count > 1)
            TellGrowth(report, part, sets[0], sets[^1]);
    }

    static string Note(RequestSet set, RequestQuestion question) =>
        $"p50 {Report.Short(set.AtRest.P50(question))}; right after the load {Report.Short(set.Fresh.P50(question))}, "
        + $"p95 {Report.Short(set.Fresh.P95(question))}; answer of {set.AtRest.Bytes[question]:#,0} bytes";

    static void TellSlow(Report report, string part, string name, IEnumerable<RequestQuestion> questions, Answers<RequestQuestion> answers)
    {
        var slow = questions.Where(question => !question.Goal.IsMet(answers.P95(question), null)).ToList();
        report.Add(new(part, name, slow.Count, $"of {questions.Count()}", Goal: Goal.AtMost(0),
            Note: string.Join(", ", slow.Select(question => $"{question.Name} {Report.Short(answers.P95(question))}"))));
    }

    // Of those that read raw rows it is no question: their goals hold for what there is.
    static void TellGrowth(Report report, string part, RequestSet small, RequestSet large)
    {
        var grown = large.Questions.Intersect(small.Questions).Where(question => !question.IsRaw)
            .Select(question => (question.Name, By: large.AtRest.P95(question) / small.AtRest.P95(question)))
            .OrderByDescending(question => question.By).ToList();
        var above = grown.Where(question => question.By > Growth).Select(question => $"{question.Name} {Report.Short(question.By)}");
        var sizes = $"{small.Name} to {large.Name}";
        report.Add(new(part, $"p95 of the question from rollups that grows most, {sizes}", grown[0].By, "times", Goal: Goal.AtMost(Growth),
            Note: string.Join(", ", above)));
        var middle = Spread.Median([.. grown.Select(question => question.By)]);
        report.Add(new(part, $"p95 of questions from rollups, middle one, {sizes}", middle, "times", Goal: Goal.AtMost(Growth),
            Headline: true));
    }
}
