using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage.Schema;

/// <summary>A tenant. <see cref="Key"/> is its small number inside the store, <see cref="Id"/> what clients see.</summary>
[Table("workspaces"), PrimaryKey(nameof(Key))]
sealed class Workspace
{
    [Column("workspace_id"), DatabaseGenerated(DatabaseGeneratedOption.Identity)]
    public int Key { get; init; }
    public required Guid Id { get; init; }
    public required string Slug { get; set; }
    public required string Name { get; set; }
    public string Timezone { get; set; } = "UTC";
    public string Currency { get; set; } = "usd";
    public int RetentionDays { get; set; } = 365;

    /// <summary>Keys the hashes of this workspace's external ids, so that they survive erasure without being guessable.</summary>
    public required byte[] HashKey { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How a slug looks.</summary>
    public const string SlugPattern = "^[a-z0-9-]{1,64}$";

    public static bool IsSlug(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');
}
