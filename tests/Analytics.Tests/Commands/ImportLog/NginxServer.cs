using System.Net;
using System.Net.Sockets;
using System.Text;
using Analytics.PrivatePostgres;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>A real nginx of the test's own, in a directory of its own, which writes its access log in the combined format and in UTC.</summary>
sealed class NginxServer : IAsyncDisposable
{
    // What comes to /hang waits for an answer that never comes. goaccess reads lines of less than 4 KB.
    const string Configuration = """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log error.log;
        events { worker_connections 512; }
        http {
          access_log access.log combined;
          keepalive_requests 1000000;
          large_client_header_buffers 4 3k;
          client_body_temp_path bodies; proxy_temp_path proxied; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          server {
            listen 127.0.0.1:PORT;
            location / { return 200 "fine\n"; }
            location /made { return 201; }
            location /empty { return 204; }
            location /moved { return 301 /; }
            location /forbidden { return 403; }
            location /missing { return 404; }
            location /limited { return 429; }
            location /broken { return 500; }
            location /away { return 503; }
            location /hang { proxy_pass http://127.0.0.1:HANGING; }
          }
        }
        """;

    readonly string directory;
    readonly int port = ClusterConfiguration.FreePort();
    readonly TcpListener hanging = new(IPAddress.Loopback, 0);
    readonly Nginx nginx;

    NginxServer(string directory, string? clock)
    {
        this.directory = directory;
        hanging.Start();
        File.WriteAllText(Path.Combine(directory, "nginx.conf"), Configuration.Replace("PORT", $"{port}")
            .Replace("HANGING", $"{((IPEndPoint)hanging.LocalEndpoint).Port}"));
        (string, string)[] faked = clock is null ? [] : [("LD_PRELOAD", "/usr/$LIB/faketime/libfaketime.so.1"), ("FAKETIME", clock)];
        nginx = new Nginx(directory, port, [("TZ", "UTC"), .. faked]);
    }

    public Uri Address => new($"http://127.0.0.1:{port}");

    /// <summary>Starts it; its clock goes as libfaketime is told, <c>-1d</c> say.</summary>
    public static async Task<NginxServer> StartAsync(string directory, string? clock = null)
    {
        var server = new NginxServer(directory, clock);
        await server.nginx.ListensAsync();
        return server;
    }

    /// <summary>Sends bytes that need be no request, and returns when nginx has closed the connection.</summary>
    public async Task SendAsync(string latin)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(latin));
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null);
        }
        catch (Exception reset) when (reset is IOException or SocketException)
        {
            // nginx may reset what it does not understand.
        }
    }

    /// <summary>Asks, and goes before there is an answer.</summary>
    public async Task LeaveAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync("GET /hang/7?a=b HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
        using var asked = await hanging.AcceptTcpClientAsync();
        client.Close();
        // nginx lets go of this side once it has seen that.
        var room = new byte[4_096];
        while (await asked.GetStream().ReadAsync(room) > 0)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await nginx.DisposeAsync();
        hanging.Dispose();
    }
}
