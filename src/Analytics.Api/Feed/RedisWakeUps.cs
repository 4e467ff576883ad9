using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Analytics.Feed;

/// <summary>
/// Tells the other nodes which workspaces have new commits, and hears it from them, through Redis when it is configured. Only a
/// hint: a node that hears nothing looks by itself. So nothing here waits for Redis, and nothing here fails anybody else.
/// </summary>
sealed class RedisWakeUps(
    EventFeed feed, CommitNotices notices, Installation installation, StoreReadiness readiness, IOptions<StoreOptions> options,
    TimeProvider clock, ILogger<RedisWakeUps> log) : RepeatedJob(readiness, clock, log)
{
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<int, StreamPositions> pending = [];
    readonly AsyncAutoResetEvent news = new();
    readonly string node = Guid.NewGuid().ToString("n");
    long heardAt;
    bool isAway;

    protected override string Work => "Talking to other nodes through Redis";

    protected override async Task WorkAsync(CancellationToken cancel)
    {
        if (options.Value.Redis is not { Length: > 0 } address)
            return;
        // Installations may share a Redis: the channel's name is theirs alone.
        var secret = await installation.SecretAsync(cancel);
        var channel = RedisChannel.Literal($"analytics:{Convert.ToHexStringLower(SHA256.HashData(secret))[..16]}");
        notices.Committed += Note;
        try
        {
            while (true)
            {
                await TryAsync(address, channel, cancel);
                await Task.Delay(Beat, Clock, cancel);
            }
        }
        finally
        {
            notices.Committed -= Note;
        }
    }

    void Note(int workspace, StreamPositions reached)
    {
        pending.AddOrUpdate(
            workspace, static (_, now) => now, static (_, before, now) => StreamPositions.Later(before, now), reached);
        news.Raise();
    }

    async Task TryAsync(string address, RedisChannel channel, CancellationToken cancel)
    {
        try
        {
            await using var connection = new Connection(await ConnectionMultiplexer.ConnectAsync(Options(address)));
            await TalkAsync(connection.Redis.GetSubscriber(), channel, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Away(failure.Message, failure is RedisException or TimeoutException ? null : failure);
        }
    }

    static ConfigurationOptions Options(string address)
    {
        var options = ConfigurationOptions.Parse(address);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = 2_000;
        options.SyncTimeout = 2_000;
        options.KeepAlive = 10;
        options.ReconnectRetryPolicy = new LinearRetry(250);
        options.ClientName = "analytics";
        return options;
    }

    /// <summary>
    /// Publishes what was committed here until this node does not hear itself any more. The client reconnects by itself, but
    /// a subscription is not always restored with it; a new connection has one for certain.
    /// </summary>
    async Task TalkAsync(ISubscriber redis, RedisChannel channel, CancellationToken cancel)
    {
        Volatile.Write(ref heardAt, Clock.GetTimestamp());
        await redis.SubscribeAsync(channel, (_, message) => Hear(message!));
        var beatAt = 0L;
        while (Clock.GetElapsedTime(Volatile.Read(ref heardAt)) < Silence)
        {
            if (beatAt == 0 || Clock.GetElapsedTime(beatAt) >= Beat)
            {
                beatAt = Clock.GetTimestamp();
                await redis.PublishAsync(channel, node, CommandFlags.FireAndForget);
            }

            if (Drain() is { Length: > 0 } message)
                await redis.PublishAsync(channel, message, CommandFlags.FireAndForget);
            await WaitAsync(cancel);
        }

        Away("nothing is heard on its channel", null);
    }

    async Task WaitAsync(CancellationToken cancel)
    {
        using var beat = new CancellationTokenSource(Beat, Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, beat.Token);
        try
        {
            await news.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Time for a beat.
        }
    }

    /// <summary>What was committed since the last message, as "workspace:event:log,...".</summary>
    string Drain()
    {
        var parts = new List<string>();
        foreach (var workspace in pending.Keys)
            if (pending.TryRemove(workspace, out var reached))
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{workspace}:{reached.Events}:{reached.Log}"));
        return string.Join(',', parts);
    }

    void Hear(string message)
    {
        if (message == node)
        {
            Volatile.Write(ref heardAt, Clock.GetTimestamp());
            if (isAway)
                log.LogInformation("Redis is back");
            isAway = false;
            return;
        }

        foreach (var part in message.Split(','))
            if (part.Split(':') is [var first, var second, var third]
                && int.TryParse(first, CultureInfo.InvariantCulture, out var workspace)
                && long.TryParse(second, CultureInfo.InvariantCulture, out var events)
                && long.TryParse(third, CultureInfo.InvariantCulture, out var log))
                feed.Wake(workspace, new StreamPositions(events, log));
    }

    void Away(string reason, Exception? unforeseen)
    {
        if (!isAway)
            log.LogWarning(unforeseen, "Redis is away, other nodes' commits are looked for instead: {Reason}", reason);
        isAway = true;
    }

    /// <summary>Closes without waiting for what was never sent.</summary>
    sealed class Connection(ConnectionMultiplexer redis) : IAsyncDisposable
    {
        public ConnectionMultiplexer Redis => redis;

        public async ValueTask DisposeAsync()
        {
            await redis.CloseAsync(allowCommandsToComplete: false);
            redis.Dispose();
        }
    }
}
