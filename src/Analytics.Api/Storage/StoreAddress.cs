namespace Analytics.Storage;

/// <summary>Where the store is. Kept apart from the data sources, which forget the password.</summary>
public sealed class StoreAddress(string connectionString)
{
    public string ConnectionString { get; } = connectionString;

    public static StoreAddress Of(IConfiguration configuration) => new(
        configuration.GetConnectionString("Postgres") ?? throw new InvalidOperationException("Set ConnectionStrings:Postgres."));
}
