namespace Analytics.Features.Ingestion;

/// <summary>What the ingestion routes need.</summary>
static class IngestionSetup
{
    public static IServiceCollection AddIngestion(this IServiceCollection services) => services
        .AddSingleton<KnownCustomers>()
        .AddSingleton<FactIngest>();
}
