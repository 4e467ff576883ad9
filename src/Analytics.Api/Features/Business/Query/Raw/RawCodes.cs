using System.Globalization;
using Analytics.Storage.People;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>Codes as keys of values, until it is known what they stand for.</summary>
static class RawCodes
{
    /// <summary>The key of a code; two numbers of one customer have the same.</summary>
    public static string KeyOf(RawCode code, string number, LinkedPeople linked) => code == RawCode.Person
        ? string.Create(CultureInfo.InvariantCulture, $"#{linked.MainOf(int.Parse(number, CultureInfo.InvariantCulture))}")
        : "#" + number;

    public static int NumberOf(string key) => int.Parse(key.AsSpan(1), CultureInfo.InvariantCulture);
}
