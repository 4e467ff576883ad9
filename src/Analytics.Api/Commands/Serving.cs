using Analytics.Http;
using Analytics.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Analytics.Commands;

/// <summary>When the service can be used, and where, for what is told to whoever started it.</summary>
sealed class Serving(IServer server, StoreReadiness store, IHostApplicationLifetime lifetime, IOptions<AddressOptions> options)
{
    /// <summary>Returns when the service listens and its store is ready.</summary>
    public async Task BeginsAsync(CancellationToken cancel)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(cancel);
        await store.WhenMigratedAsync(cancel);
    }

    /// <summary>Where this machine reaches it, once it listens.</summary>
    public Uri Local => LocalAddress.Of(server.Features.Get<IServerAddressesFeature>()!.Addresses.First(), options.Value);

    /// <summary>Where people reach it, with a slash at the end.</summary>
    public string Known => options.Value.KnownOr(Local);
}
