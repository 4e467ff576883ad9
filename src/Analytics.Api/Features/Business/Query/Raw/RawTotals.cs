using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>What a statement reads of a field that metrics are made of.</summary>
sealed class RawTotals
{
    readonly int present = -1;
    readonly RawNumbers? numbers;

    public RawTotals(RawQuestion question, RawColumns columns, string name)
    {
        var metrics = question.Query.Metrics.Where(metric => metric.Field == name).ToList();
        if (metrics.Any(metric => metric.Kind == MetricKind.Count))
            present = columns.Sum(RawTable.FieldOf(question.Query.Dataset, name) switch
            {
                RawField.OfJson json => $"count({columns.Value(columns.Read(json.Text))})",
                RawField.OfNumber number => $"count({columns.Value(columns.Read(number.Sql))})",
                RawField.OfCode code => $"count(nullif({columns.Value(columns.Read(code.Column))}, 0))",
                _ => "count(*)",
            });
        if (metrics.Any(metric => metric.OfNumbers))
            numbers = new(question, columns, name, metrics.Any(metric => metric.Kind == MetricKind.Percentile));
    }

    /// <summary>Reads a row; false when the field turns out to be mixed.</summary>
    public bool TryRead(NpgsqlDataReader row, FieldPart part)
    {
        if (present >= 0)
            part.Present = row.GetInt64(present);
        return numbers is null || numbers.TryRead(row, part);
    }
}
