namespace Analytics.Storage.Business;

/// <summary>The fields whose texts stay when whoever they are about is erased: totals hang on them, or they are no person's.</summary>
static class StayingTexts
{
    /// <summary>What metadata says itself.</summary>
    public static readonly HashSet<string> Structural =
    [
        "share_id", "payment_id", "invoice_id", "subscription_id", "product_id", "tool", "server", "agent", "status", "cost_category",
    ];

    /// <summary>What <c>_cost</c> says.</summary>
    public static readonly HashSet<string> OfCost = ["amount", "currency"];

    /// <summary>What <c>_llm</c> says.</summary>
    public static readonly HashSet<string> OfModel = ["vendor", "model"];

    /// <summary>What <c>_log</c> says.</summary>
    public static readonly HashSet<string> OfLog = ["severity", "category"];

    /// <summary>The fields of events, as questions call them.</summary>
    public static readonly HashSet<string> OfEvents =
    [
        "name", .. Structural, .. OfCost.Select(member => $"_cost.{member}"), .. OfModel.Select(member => $"_llm.{member}"),
        .. OfLog.Select(member => $"_log.{member}"),
    ];

    /// <summary>The fields of requests.</summary>
    public static readonly HashSet<string> OfRequests = ["endpoint", "method", "statusCode", "productId"];

    /// <summary>Those of either.</summary>
    public static readonly HashSet<string> OfAny = [.. OfEvents, .. OfRequests];
}
