namespace Analytics.Storage.Model;

/// <summary>A customer of a workspace, known by our id and, when given, by the product's own.</summary>
sealed class Customer
{
    public required int WorkspaceKey { get; init; }
    public required Guid Id { get; init; }
    public string? ExternalId { get; set; }
    public string? Name { get; set; }
    public string? Email { get; set; }
    public string? Metadata { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }
}
