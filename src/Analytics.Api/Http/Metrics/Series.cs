using System.Globalization;
using System.Text;

namespace Analytics.Http.Metrics;

/// <summary>One line, or for a distribution one set of lines, of the Prometheus text: an instrument and its labels.</summary>
sealed class Series(string name, string labels, bool isDistribution)
{
    static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    readonly Lock gate = new();
    readonly long[] buckets = new long[isDistribution ? Bounds.Length : 0];
    double sum;
    long count;

    public void Add(double value)
    {
        lock (gate)
        {
            sum += value;
            count++;
            for (var at = buckets.Length - 1; at >= 0 && value <= Bounds[at]; at--)
                buckets[at]++;
        }
    }

    public void Set(double value)
    {
        lock (gate)
            sum = value;
    }

    public void Write(StringBuilder text)
    {
        lock (gate)
        {
            if (!isDistribution)
            {
                Line(text, name, labels, sum);
                return;
            }
            for (var at = 0; at < Bounds.Length; at++)
                Line(text, name + "_bucket", With($"le=\"{Bounds[at].ToString(CultureInfo.InvariantCulture)}\""), buckets[at]);
            Line(text, name + "_bucket", With("le=\"+Inf\""), count);
            Line(text, name + "_sum", labels, sum);
            Line(text, name + "_count", labels, count);
        }
    }

    string With(string label) => labels.Length == 0 ? label : $"{labels},{label}";

    static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }
}
