namespace Analytics.Features.Streams;

/// <summary>What the streams need.</summary>
static class StreamsSetup
{
    public static IServiceCollection AddStreams(this IServiceCollection services) => services
        .AddSingleton<LiveStreams>()
        .AddHostedService(provider => provider.GetRequiredService<LiveStreams>());
}
