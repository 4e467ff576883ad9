namespace Analytics.Features.Webhooks.Deliveries;

/// <summary>What became of a delivery.</summary>
static class DeliveryStates
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Failed = "failed";

    public static readonly string[] All = [Pending, Delivered, Failed];
}
