using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Analytics.Tests.Oracle;

/// <summary>Decimals as whole numbers of 1e-12, without a limit to their size.</summary>
static partial class Units
{
    public const int Decimals = 12;
    static readonly BigInteger Most = 1_000 * BigInteger.Pow(10, 12 + Decimals);

    /// <summary>A JSON number that counts; null for one beyond 1e15 or with more than 12 decimals.</summary>
    public static BigInteger? OfNumber(string json)
    {
        var parts = Number().Match(json);
        Assert.True(parts.Success, $"'{json}' is no number.");
        var exponent = parts.Groups["exponent"] is { Success: true } e ? int.Parse(e.Value, CultureInfo.InvariantCulture) : 0;
        var digits = BigInteger.Parse(parts.Groups["whole"].Value + parts.Groups["fraction"].Value, CultureInfo.InvariantCulture);
        var scale = exponent - parts.Groups["fraction"].Length + Decimals;
        if (scale < 0 && digits % BigInteger.Pow(10, -scale) != 0)
            return null;
        var units = scale < 0 ? digits / BigInteger.Pow(10, -scale) : digits * BigInteger.Pow(10, scale);
        return units > Most ? null : parts.Groups["minus"].Success ? -units : units;
    }

    /// <summary>A decimal string as answers write it: no exponent, no needless zero, no sign before 0.</summary>
    public static BigInteger OfAnswer(string text)
    {
        if (text == "0")
            return 0;
        Assert.Matches(@"^(0|-?[1-9]\d*|-?(0|[1-9]\d*)\.\d{0,11}[1-9])$", text);
        var (whole, fraction) = text.Split('.') is [var left, var right] ? (left, right) : (text, "");
        return BigInteger.Parse(whole + fraction.PadRight(Decimals, '0'), CultureInfo.InvariantCulture);
    }

    public static string Show(BigInteger units)
    {
        var digits = BigInteger.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(Decimals + 1, '0');
        var fraction = digits[^Decimals..].TrimEnd('0');
        return (units.Sign < 0 ? "-" : "") + digits[..^Decimals] + (fraction.Length > 0 ? "." + fraction : "");
    }

    [GeneratedRegex(@"^(?<minus>-)?(?<whole>\d+)(\.(?<fraction>\d+))?([eE]\+?(?<exponent>-?\d+))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Number();
}
