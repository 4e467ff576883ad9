namespace Analytics.Benchmarks.Business;

/// <summary>A question about the business; every variant differs in its range.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Path">Below <c>/api/v1/analytics/</c>, without the period.</param>
sealed record BusinessQuestion(string Name, string Path)
{
    // A little more with every variant, so that no two ranges are alike and their ends cut every grain.
    static readonly TimeSpan Step = new(0, 0, 7, 33, 217);

    public double Most { get; init; } = 100;

    /// <summary>Whether the README tells how long it takes, of the most events.</summary>
    public bool IsHeadline { get; init; }

    public static readonly BusinessQuestion[] All =
    [
        new("by billable unit", "usage/by-billable-unit?") { IsHeadline = true },
        new("by customer", "usage/by-customer?") { IsHeadline = true },
        new("by product", "usage/by-product?"),
        new("tools", "mcp/tools?"),
        new("sessions", "mcp/sessions?"),
        new("agents", "mcp/agents?"),
        new("funnel", "storefront/funnel?") { Most = 300 },
        .. from dimension in (string[])["customer", "product", "vendor", "model", "category", "subscription"]
           select new BusinessQuestion($"costs by {dimension}", $"cogs?groupBy={dimension}&") { IsHeadline = dimension == "customer" },
        new("costs by customer and vendor of a product", "cogs?groupBy=customer&groupBy=vendor&product=product-00&"),
        new("costs by vendor and model", "cogs?groupBy=vendor&groupBy=model&"),
        new("costs by model of a product", "cogs?groupBy=model&product=product-00&"),
        new("costs by product of a customer", "cogs?groupBy=product&customer=cust-000001&"),
    ];

    public byte[] Request(int variant, string key)
    {
        var to = TimeProvider.System.GetUtcNow().UtcDateTime - (variant * Step);
        return KeepAlive.Get($"/api/v1/analytics/{Path}from={to.AddDays(-30):yyyy-MM-ddTHH:mm:ss.ffffff}Z&to={to:yyyy-MM-ddTHH:mm:ss.ffffff}Z", key);
    }
}
