namespace Analytics.Feed;

/// <summary>What follows commits, on this node and between nodes.</summary>
static class FeedSetup
{
    public static IServiceCollection AddFeed(this IServiceCollection services) => services
        .AddSingleton<FeedPages>()
        .AddSingleton<FeedStore>()
        .AddSingleton<EventFeed>()
        .AddHostedService<FeedHeartbeat>()
        .AddHostedService<RedisWakeUps>()
        .AddHostedService<CommitRetention>();
}
