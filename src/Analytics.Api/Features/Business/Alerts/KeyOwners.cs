namespace Analytics.Features.Business.Alerts;

/// <summary>
/// Whose facts stand behind a key: a few customers. When the last of them is erased the key goes, as the text goes from its facts; what
/// many have says nothing of anybody.
/// </summary>
sealed class KeyOwners
{
    // One may have had several ids.
    const int Few = 5;

    Dictionary<string, int>? few = [];

    /// <summary>The customers; null of many, and where nobody is among them.</summary>
    public string[]? Names => few is null ? null : [.. few.Keys];

    /// <summary>Adds a fact of a customer, or takes it out where the times are negative; null is nobody.</summary>
    public void Add(string? customer, int times)
    {
        if (few is null || times == 0)
            return;
        if (customer is null || (few.Count == Few && !few.ContainsKey(customer)))
            few = null;
        else if ((few[customer] = few.GetValueOrDefault(customer) + times) <= 0)
            few.Remove(customer);
    }
}
