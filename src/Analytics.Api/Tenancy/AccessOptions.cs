using System.ComponentModel.DataAnnotations;

namespace Analytics.Tenancy;

/// <summary>
/// Settings <c>Analytics</c> of who may manage: the root key (made up and kept when absent), and a port on which <c>/metrics</c> is open.
/// </summary>
sealed class AccessOptions : IValidatableObject
{
    const int ShortestRootKey = 16;

    /// <summary>What a root key has to be.</summary>
    internal static readonly string Demand = $"it has at least {ShortestRootKey} characters, so that nobody guesses it.";

    public string? RootKey { get; set; }

    [Range(1, 65_535)]
    public int? ManagementPort { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        RootKey is { Length: > 0 } given && !IsLongEnough(given) ? [new($"Analytics:RootKey is too short: {Demand}")] : [];

    internal static bool IsLongEnough(string rootKey) => rootKey.Trim().Length >= ShortestRootKey;
}
