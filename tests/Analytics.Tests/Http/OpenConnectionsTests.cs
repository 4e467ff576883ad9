using System.Net.Sockets;
using Analytics.Http;
using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Http;

/// <summary>Who only holds connections keeps nobody out.</summary>
public sealed class OpenConnectionsTests(AnalyticsApi api)
{
    const string Head = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n";

    [Theory]
    [InlineData("")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: loc")]
    [InlineData($"{Head}\r\n")]
    public async Task The_longest_idle_connection_gives_way_to_a_new_one(string sent)
    {
        await using var node = await Node.StartAsync(api, ("Analytics:Connections", "6"));
        var connections = new List<RawConnection>();
        for (var n = 0; n < 40; n++)
        {
            connections.Add(await RawConnection.OpenAsync(node.Address));
            await connections[n].SendAsync(sent);
            if (sent.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                Assert.Equal(200, RawConnection.StatusOf(await connections[n].ReceiveAsync()));
        }

        Assert.Equal(200, RawConnection.StatusOf(await RawConnection.AskAsync(node.Address, $"{Head}Connection: close\r\n\r\n")));
        Assert.Equal(0, RawConnection.StatusOf(await connections[0].ReadAsync()));

        // The last one is there still.
        await connections[^1].SendAsync(sent.Length > 0 && !sent.EndsWith("\r\n\r\n", StringComparison.Ordinal)
            ? "alhost\r\nConnection: close\r\n\r\n" : $"{Head}Connection: close\r\n\r\n");
        Assert.Equal(200, RawConnection.StatusOf(await connections[^1].ReadAsync()));
        connections.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task One_at_work_does_not_give_way_and_where_all_are_the_new_one_is_closed()
    {
        var workspace = await api.NewWorkspaceAsync();
        await using var node = await Node.StartAsync(api, ("Analytics:Connections", "2"));
        var path = $"/api/stream/workspaces/{workspace.Id}";
        await using var first = await OpenStream.OpenAsync(node.Of(workspace), path);
        var idle = new List<RawConnection>();
        for (var n = 0; n < 20; n++)
            await AddAsync(idle, node.Address);
        var second = await OpenStream.OpenAsync(node.Of(workspace), path);

        Assert.Equal("", await RawConnection.AskAsync(node.Address, $"{Head}\r\n"));

        await workspace.IngestAsync(Numbered.Event(1));
        Assert.Equal(1, (await first.NextAsync()).Number);
        Assert.Equal(1, (await second.NextAsync()).Number);
        await second.DisposeAsync();
        await Until.HoldsAsync(
            async () => RawConnection.StatusOf(await RawConnection.AskAsync(node.Address, $"{Head}Connection: close\r\n\r\n")) == 200,
            "The place of one that ended is not free.");
        idle.ForEach(connection => connection.Dispose());
    }

    // One may have to give way before it knows that it is connected.
    static async Task AddAsync(List<RawConnection> idle, Uri address)
    {
        try
        {
            idle.Add(await RawConnection.OpenAsync(address));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
    }

    [Theory]
    [InlineData(null, 256, 64)]
    [InlineData(null, 1_024, 512)]
    [InlineData(null, 20_000, 19_488)]
    [InlineData(null, 1_048_576, 30_000)]
    [InlineData(100, 1_024, 100)]
    [InlineData(1_000, 1_024, 512)]
    [InlineData(100_000, 1_048_576, 100_000)]
    public void Connections_leave_some_of_the_files_to_the_service_itself(int? wanted, int files, int connections) =>
        Assert.Equal(connections, FileLimit.Connections(wanted, files));
}
