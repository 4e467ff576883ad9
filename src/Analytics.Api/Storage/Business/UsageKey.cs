using System.Globalization;
using System.Text;

namespace Analytics.Storage.Business;

/// <summary>
/// Units that an event matches together, and the product it names; null for none. Its text has a number in the workspace.
/// </summary>
sealed record UsageKey(IReadOnlyList<int> Units, string? Product)
{
    // Units first, so that whatever a product is called stays whole.
    public override string ToString() => string.Join(',', Units) + (Product is null ? "" : " " + Product);

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(ToString());

    public static UsageKey Parse(string text)
    {
        var blank = text.IndexOf(' ', StringComparison.Ordinal);
        var units = blank < 0 ? text : text[..blank];
        return new(
            [.. units.Split(',').Select(unit => int.Parse(unit, CultureInfo.InvariantCulture))], blank < 0 ? null : text[(blank + 1)..]);
    }
}
