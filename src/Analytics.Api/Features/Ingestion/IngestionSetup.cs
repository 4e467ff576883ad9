namespace Analytics.Features.Ingestion;

/// <summary>What the ingestion routes need.</summary>
static class IngestionSetup
{
    public static IServiceCollection AddIngestion(this IServiceCollection services) => services
        .AddSingleton(new BodiesInFlight())
        .AddSingleton<KnownCustomers>()
        .AddSingleton<EventIngest>();
}
