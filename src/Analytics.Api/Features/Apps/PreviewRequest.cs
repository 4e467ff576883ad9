using Analytics.AppDatabases;
using Analytics.Http;
using FluentValidation;

namespace Analytics.Features.Apps;

/// <summary>Which rows to show.</summary>
/// <param name="Limit">How many; 25 when it is left out.</param>
/// <param name="Offset">How many rows before them to leave out; none when it is left out.</param>
public sealed record PreviewRequest(int? Limit, long? Offset);

/// <summary>Rows of a table.</summary>
/// <param name="Rows">The rows, a member a column.</param>
/// <param name="RowCount">How many are here.</param>
/// <param name="TotalRows">How many the table has: counted where that takes no second, else estimated.</param>
/// <param name="Fields">The columns, in their order.</param>
public sealed record PreviewAnswer(
    IReadOnlyList<JsonObjectText> Rows, int RowCount, long TotalRows, IReadOnlyList<PreviewField> Fields) : IColumns
{
    IReadOnlyList<string> IColumns.Columns => [.. Fields.Select(each => each.Name)];

    internal static PreviewAnswer Of(PreviewedTable table) => new(
        [.. table.Rows.Select(row => new JsonObjectText(row))], table.Rows.Count, table.Total, table.Fields);
}

sealed class PreviewRules : AbstractValidator<PreviewRequest>
{
    public const int UsualLimit = 25;
    const int MostRows = 100;

    public PreviewRules()
    {
        RuleFor(preview => preview.Limit).InclusiveBetween(1, MostRows)
            .WithErrorCode("range").WithMessage($"Must be 1 to {MostRows}.");
        RuleFor(preview => preview.Offset).GreaterThanOrEqualTo(0).WithErrorCode("range").WithMessage("Must be 0 or more.");
    }
}
