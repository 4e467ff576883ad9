using System.Net;
using System.Net.Sockets;

namespace Analytics.Features.Webhooks.Addresses;

/// <summary>The addresses of a host's name.</summary>
delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken cancel);

/// <summary>None of the host's addresses may be connected to.</summary>
sealed class AddressRefusedException() : Exception("None of the host's addresses may be connected to.");

/// <summary>
/// Connects to addresses that are open and to no others. The name is looked up once for a connection, and what was looked at is what is
/// connected to: whatever a name's server answers next, or a text means as an address, leads nowhere else.
/// </summary>
sealed class GuardedConnections(OpenAddresses open, ResolveHost resolve)
{
    const int MostTried = 4;

    /// <summary>A connection to the host of a request, before TLS.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var found = await resolve(context.DnsEndPoint.Host, cancel).WaitAsync(cancel);
        if (found.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        var addresses = Array.FindAll(found, open.Allow);
        if (addresses.Length == 0)
            throw new AddressRefusedException();
        SocketException? failure = null;
        foreach (var address in addresses.Take(MostTried))
            try
            {
                return await ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancel);
            }
            catch (SocketException e)
            {
                failure = e;
            }

        throw failure!;
    }

    static async Task<Stream> ConnectAsync(IPEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
