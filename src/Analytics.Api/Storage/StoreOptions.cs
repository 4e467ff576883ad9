using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Analytics.Storage;

/// <summary>Settings <c>ConnectionStrings</c>: the store, and the Redis that wakes other nodes' streams (none: a node works alone).</summary>
public sealed class StoreOptions : IValidatableObject
{
    [Required]
    public string? Postgres { get; set; }

    public string? Redis { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        ValidationResult? problem = null;
        try
        {
            _ = new NpgsqlConnectionStringBuilder(Postgres);
        }
        catch (ArgumentException e)
        {
            problem = new($"ConnectionStrings:Postgres is no connection string: {e.Message}", [nameof(Postgres)]);
        }
        return problem is null ? [] : [problem];
    }
}

/// <summary>Setting <c>ANALYTICS_DATA_DIR</c>: the directory of the private Postgres and of keys that were made up; <c>.data</c> by default.</summary>
public sealed class DataDirectoryOptions
{
    const string Default = ".data";

    [ConfigurationKeyName("ANALYTICS_DATA_DIR")]
    public string Path { get; set => field = value is { Length: > 0 } ? value : Default; } = Default;
}
