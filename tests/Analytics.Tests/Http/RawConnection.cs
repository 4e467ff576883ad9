using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Analytics.Tests.Http;

/// <summary>A connection for requests as no HTTP client would send them.</summary>
sealed class RawConnection : IDisposable
{
    readonly TcpClient client = new();

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var made = new RawConnection();
        await made.client.ConnectAsync(address.Host, address.Port);
        return made;
    }

    /// <summary>Sends one request, and reads all that comes back.</summary>
    public static async Task<string> AskAsync(Uri address, string request)
    {
        try
        {
            using var connection = await OpenAsync(address);
            await connection.SendAsync(request);
            return await connection.ReadAsync();
        }
        catch (SocketException)
        {
            // Reset before it was read, or even before it was sent.
            return "";
        }
    }

    /// <summary>The status of an answer; 0 when the connection was closed without one.</summary>
    public static int StatusOf(string answer) => answer.Length == 0 ? 0 : int.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Sends a text as it stands.</summary>
    public async Task SendAsync(string text) => await client.Client.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Says that nothing more will come.</summary>
    public void End() => client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>What comes next.</summary>
    public async Task<string> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        var text = new byte[1024];
        return Encoding.UTF8.GetString(text, 0, await client.Client.ReceiveAsync(text, patience.Token));
    }

    /// <summary>All that comes until the connection is closed.</summary>
    public async Task<string> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Until.Patience);
        var text = new byte[64 * 1024];
        var length = 0;
        try
        {
            int read;
            while ((read = await client.Client.ReceiveAsync(text.AsMemory(length), patience.Token)) > 0)
                length += read;
        }
        catch (SocketException)
        {
            // Reset: closed, with something of ours unread.
        }
        return Encoding.UTF8.GetString(text, 0, length);
    }

    public void Dispose() => client.Dispose();
}
