using System.ComponentModel.DataAnnotations;
using Npgsql;
using StackExchange.Redis;

namespace Analytics.Storage;

/// <summary>
/// Settings <c>ConnectionStrings</c>: the store (none: the service starts a private one), and the Redis that wakes other nodes'
/// streams (none: a node works alone).
/// </summary>
sealed class StoreOptions : IValidatableObject
{
    public string? Postgres { get; set; }

    public string? Redis { get; set; }

    public string RequiredPostgres => Postgres is { Length: > 0 } set
        ? set
        : throw new ValidationException("ConnectionStrings:Postgres is not set.");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
    [
        .. Problems("ConnectionStrings:Postgres", Postgres, static text => new NpgsqlConnectionStringBuilder(text)),
        .. Problems("ConnectionStrings:Redis", Redis, static text => ConfigurationOptions.Parse(text)),
    ];

    static IEnumerable<ValidationResult> Problems(string setting, string? given, Func<string, object> parse)
    {
        try
        {
            if (given is { Length: > 0 })
                parse(given);
            return [];
        }
        catch (ArgumentException e)
        {
            return [new($"{setting} cannot be read: {e.Message}")];
        }
    }
}

/// <summary>
/// Setting <c>ANALYTICS_DATA_DIR</c>: the directory of the private Postgres and of keys that were made up; <c>.data</c> by default.
/// </summary>
sealed class DataDirectoryOptions
{
    const string Default = ".data";

    [ConfigurationKeyName("ANALYTICS_DATA_DIR")]
    public string Path { get; set => field = value is { Length: > 0 } ? value : Default; } = Default;
}
