using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Rollups.Reading;

namespace Analytics.Features.Business.Usage;

/// <summary>A unit that is asked about.</summary>
/// <param name="Place">Its place among all of them.</param>
/// <param name="Counted">How events are counted by it.</param>
/// <param name="Key">What it is called by.</param>
/// <param name="Name">What it is shown as.</param>
/// <param name="UnitLabel">What one of it is called.</param>
/// <param name="ProductType">Whose products' events it counts; null for all.</param>
sealed record AskedUnit(int Place, Unit Counted, string Key, string Name, string UnitLabel, string? ProductType);

/// <summary>A workspace's units and products, and which unit counts what: as a snapshot has them.</summary>
sealed class AskedUnits
{
    const string UnitsSql = """
        select
            unit, event_name, aggregation, field, filters::text, since, ready, product_type is not null, key, name, unit_label,
            product_type
        from billable_units
        where workspace_id = $1
          and deleted_at is null
        order by key collate "C"
        """;

    const string ProductsSql = """select key, name, type from products where workspace_id = $1 order by key collate "C" """;

    const string KeysSql = "select number, text from texts where workspace_id = $1 and kind = $2";

    readonly Dictionary<int, AskedUnit> byNumber;
    readonly Dictionary<string, AskedProduct> products;
    readonly Dictionary<int, string> texts;
    readonly LentTexts lent;
    readonly Dictionary<int, AskedUsage> usages = [];

    AskedUnits(IReadOnlyList<AskedUnit> all, IReadOnlyList<AskedProduct> products, Dictionary<int, string> texts, LentTexts lent)
    {
        (All, Products, this.texts, this.lent) = (all, products, texts, lent);
        byNumber = all.ToDictionary(unit => unit.Counted.Number);
        this.products = products.ToDictionary(product => product.Key, StringComparer.Ordinal);
    }

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<AskedUnit> All { get; }

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<AskedProduct> Products { get; }

    /// <summary>Those that are counted from raw events, too: what came before them is not in the cells yet.</summary>
    public List<AskedUnit> Unready => [.. All.Where(unit => !unit.Counted.IsReady)];

    public static async Task<AskedUnits> ReadAsync(RollupSnapshot opened, int workspace, CancellationToken cancel)
    {
        var snapshot = opened.Connection;
        var place = 0;
        var units = await snapshot.QueryAsync(
            UnitsSql, [workspace],
            row => new AskedUnit(
                place++, Unit.Read(row), row.GetString(8), row.GetString(9), row.GetString(10),
                row.IsDBNull(11) ? null : row.GetString(11)), cancel);
        var sold = await snapshot.QueryAsync(
            ProductsSql, [workspace], row => new AskedProduct(row.GetString(0), row.GetString(1), row.GetString(2)), cancel);
        var keys = new Dictionary<int, string>();
        await snapshot.EachAsync(
            KeysSql, [workspace, (short)TextKind.UsageKey], row => keys.Add(row.GetInt32(0), row.GetString(1)), cancel);
        return new AskedUnits(units, sold, keys, opened.Lent);
    }

    /// <summary>The same of some of the units.</summary>
    public AskedUnits Only(IReadOnlyList<AskedUnit> some) => new(some, Products, texts, lent);

    /// <summary>What a number of usage stands for.</summary>
    public AskedUsage Of(int usage)
    {
        if (!usages.TryGetValue(usage, out var asked))
            usages.Add(usage, asked = Of(UsageKey.Parse(TextOf(usage))));
        return asked;
    }

    /// <summary>
    /// The numbers that people's usage has where everybody's has some: without the product, unless something hangs on it. Those that
    /// count for none of the units are left out.
    /// </summary>
    public HashSet<int> PeoplesOf(IReadOnlyCollection<int> some)
    {
        var numbers = texts.Concat(lent.Usages).ToLookup(text => text.Value, text => text.Key, StringComparer.Ordinal);
        return
        [
            .. from usage in some
               let key = UsageKey.Parse(TextOf(usage))
               from number in numbers[(key with { Product = null }).ToString()].Concat(MayHangOnProduct(key) ? [usage] : [])
               where Of(number).Units.Length > 0
               select number,
        ];
    }

    // Of units that are not asked about nobody knows it here.
    bool MayHangOnProduct(UsageKey key) =>
        key.Units.Any(number => !byNumber.TryGetValue(number, out var unit) || unit.ProductType is not null);

    string TextOf(int usage) => lent.Usages.GetValueOrDefault(usage) ?? texts[usage];

    // A unit of a product type counts what names such a product, now.
    AskedUsage Of(UsageKey key) => new(key.Product,
    [
        .. key.Units.Select(number => byNumber.GetValueOrDefault(number)).OfType<AskedUnit>()
            .Where(unit => unit.ProductType is null || unit.ProductType == TypeOf(key.Product)),
    ]);

    /// <summary>The type of the product that has a key; null for none.</summary>
    public string? TypeOf(string? product) => product is null ? null : products.GetValueOrDefault(product)?.Type;
}

/// <summary>What an event counts for, of what is asked about: units, and the product it names; null for none.</summary>
sealed record AskedUsage(string? Product, AskedUnit[] Units);

/// <summary>A product that is known.</summary>
sealed record AskedProduct(string Key, string Name, string Type);
