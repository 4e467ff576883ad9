namespace Analytics.Benchmarks;

/// <summary>How long each question took, how large its last answer was, and what the same took of the raw rows.</summary>
sealed class Answers<TQuestion>
    where TQuestion : notnull
{
    readonly Dictionary<TQuestion, List<double>> milliseconds = [];

    public Dictionary<TQuestion, int> Bytes { get; } = [];

    public Dictionary<TQuestion, double> OfRows { get; } = [];

    public void Add(TQuestion question, double taken)
    {
        if (!milliseconds.TryGetValue(question, out var known))
            milliseconds[question] = known = [];
        known.Add(taken);
    }

    public double P50(TQuestion question) => Spread.Median(Of(question));

    public double P95(TQuestion question) => Spread.Percentile(Of(question), 95);

    List<double> Of(TQuestion question) => milliseconds.GetValueOrDefault(question, []);
}
