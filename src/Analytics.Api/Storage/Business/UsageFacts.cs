using Analytics.Storage.Cells;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Business;

/// <summary>
/// What events count for under billable units, by the units that an event matches together: person by person, and by the product that it
/// names; and how many events name which product. Nobody is told product by product, or the cells would be as many as the events.
/// </summary>
static class UsageFacts
{
    /// <summary>Events that match.</summary>
    public const int Matches = 0;

    /// <summary>Those of them whose field is a number.</summary>
    public const int Numbers = 1;

    /// <summary>The sum of these, in units of 1e-12. Their distribution, zeros left out, is field <see cref="Field"/>.</summary>
    public const int Sum = 2;

    public const short Field = 1;

    /// <summary>Events of a product.</summary>
    public const int Events = 0;

    static readonly string[] Sums = ["matches", "numbers", "sum"];

    /// <summary>By product, of everybody together, with sets of the distinct values that unique units count.</summary>
    public static readonly Section Everybody = new(
        21, "usage", Grain.QuarterHour, [Dimension.None, Dimension.Usage], Sums) { HasSets = true };

    /// <summary>
    /// By person, with such sets; a product is told only where a unit is of a product type.
    /// </summary>
    public static readonly Section People = new(
        20, "usage of people", Grain.QuarterHour, [Dimension.Usage, Dimension.Person], Sums)
    {
        HasSets = true, IsOfPeople = true, CountedWith = Everybody,
    };

    public static readonly Section Products = new(
        23, "products' events", Grain.QuarterHour, [Dimension.None, Dimension.Product], ["events"]);

    /// <summary>Where events name their product.</summary>
    public const string ProductPath = "product_id";

    static ReadOnlySpan<byte> ProductId => "product_id"u8;

    /// <summary>The product that an event's metadata names; empty for none.</summary>
    public static ReadOnlySpan<byte> ProductOf(ReadOnlySpan<byte> metadata)
    {
        // Most name none: the text is looked for before anything is parsed. A name may be written with escapes.
        if (metadata.IndexOf(ProductId) < 0 && !metadata.Contains((byte)'\\'))
            return [];
        MetadataPath.TryFindTop(metadata, ProductId, out var value);
        return ProductOf(new JsonScalar(value));
    }

    /// <summary>The product that is meant by what the metadata has of it; empty for none.</summary>
    public static ReadOnlySpan<byte> ProductOf(JsonScalar named) => named.IsText ? named.Text : [];
}
