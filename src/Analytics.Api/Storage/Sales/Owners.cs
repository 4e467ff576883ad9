namespace Analytics.Storage.Sales;

/// <summary>Whose shares and subscriptions are; 0 for nobody's.</summary>
/// <param name="OfShare">The customer of a share; number 0 is no share.</param>
/// <param name="OfSubscription">The customer of a subscription, by its key; an empty one is none.</param>
sealed record Owners(Func<int, int> OfShare, Func<Guid, int> OfSubscription)
{
    /// <summary>Whose the cost of an event is that names nobody itself.</summary>
    public int Of(int share, Guid subscription) => OfShare(share) is var person and not 0 ? person : OfSubscription(subscription);
}
