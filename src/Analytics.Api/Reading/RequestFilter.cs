namespace Analytics.Reading;

/// <summary>Which requests a question is about.</summary>
/// <param name="People">Whose; null for everybody's.</param>
/// <param name="Endpoints">To which endpoints, by their numbers; null for all.</param>
sealed record RequestFilter(int[]? People, int[]? Endpoints)
{
    public static readonly RequestFilter None = new(null, null);

    /// <summary>Whether nothing passes it.</summary>
    public bool IsEmpty => People is [] || Endpoints is [];
}
