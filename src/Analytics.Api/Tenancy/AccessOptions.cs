using System.ComponentModel.DataAnnotations;

namespace Analytics.Tenancy;

/// <summary>
/// Settings <c>Analytics</c> of who may manage: the root key (made up and kept when absent), and a port on which <c>/metrics</c> is open.
/// </summary>
sealed class AccessOptions
{
    public string? RootKey { get; set; }

    [Range(1, 65_535)]
    public int? ManagementPort { get; set; }
}
