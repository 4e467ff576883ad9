using System.Numerics;
using Analytics.Http;
using Analytics.Sketches;

namespace Analytics.Features.Business.Alerts;

/// <summary>When an alert is crossed: by a value, or by how it changed.</summary>
/// <param name="IsGreater">Whether the value has to be greater than the limit, or less.</param>
/// <param name="Value">The limit of the value; null where the change is looked at.</param>
/// <param name="ChangePercent">The limit of the change.</param>
sealed record WatchedCondition(bool IsGreater, Int128? Value, Int128? ChangePercent)
{
    public static WatchedCondition Of(AlertCondition when) =>
        new(when.Operator == AlertWords.GreaterThan, when.Value?.Units, when.ChangePercent?.Units);

    /// <summary>The value or the percent that was asked for.</summary>
    public ExactNumber Limit => new(Value ?? ChangePercent!.Value);

    public bool LooksAtChange => ChangePercent is not null;

    /// <summary>Whether it is crossed by a value and the one of the window before, each null where there is none.</summary>
    public bool IsCrossed(Int128? value, Int128? before)
    {
        if (value is not { } now)
            return false;
        if (Value is { } limit)
            return IsGreater ? now > limit : now < limit;
        if (before is not { } last || last == 0)
            return false;
        // Not divided, so that nothing is rounded before it is compared.
        var change = ((BigInteger)now - last) * 100 * (BigInteger)DecimalUnits.One;
        var asked = (BigInteger)ChangePercent!.Value * BigInteger.Abs(last);
        return ChangePercent > 0 ? change >= asked : change <= asked;
    }

    /// <summary>How a value changed, in percent with two decimals, where that is looked at; null against nothing.</summary>
    public ExactNumber? ChangeOf(Int128? value, Int128? before) => LooksAtChange && value is { } now && before is { } last && last != 0
        ? ExactNumber.Percent(now - last, Int128.Abs(last))
        : null;
}
