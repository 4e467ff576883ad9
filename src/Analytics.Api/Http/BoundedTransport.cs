using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Analytics.Http;

/// <summary>
/// Accepts no more connections than there are files for: in a rush many come before <see cref="OpenConnections"/> gets to see the first,
/// and without a file to open .NET itself ends. The others wait in the system's queue for a moment.
/// </summary>
sealed class BoundedTransport(SocketTransportFactory sockets, int most) : IConnectionListenerFactory
{
    public static BoundedTransport Of(IServiceProvider provider, int most) => new(
        new SocketTransportFactory(
            provider.GetRequiredService<IOptions<SocketTransportOptions>>(), provider.GetRequiredService<ILoggerFactory>()), most);

    // All endpoints share the files.
    readonly SemaphoreSlim room = new(most);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken), room);

    sealed class Listener(IConnectionListener inner, SemaphoreSlim room) : IConnectionListener
    {
        readonly CancellationTokenSource unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await room.WaitAsync(unbound.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            var accepted = await inner.AcceptAsync(cancellationToken);
            if (accepted is null)
                room.Release();
            else
                accepted.ConnectionClosed.Register(static room => ((SemaphoreSlim)room!).Release(), room);
            return accepted;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await inner.UnbindAsync(cancellationToken);
            await unbound.CancelAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            unbound.Dispose();
        }
    }
}
