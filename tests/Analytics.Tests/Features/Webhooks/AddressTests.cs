using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Analytics.Features.Webhooks.Addresses;
using Analytics.Features.Webhooks.Deliveries;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>There is no way by a webhook into networks that are not the internet.</summary>
[Collection<Hooked>]
public sealed class AddressTests(HookedApi hooked)
{
    [Theory]
    [InlineData("0.0.0.0"), InlineData("0.1.2.3"), InlineData("10.0.0.1"), InlineData("10.255.255.255"), InlineData("100.64.0.1")]
    [InlineData("100.100.100.200"), InlineData("100.127.255.255"), InlineData("127.0.0.1"), InlineData("127.255.255.254")]
    [InlineData("169.254.0.1"), InlineData("169.254.169.254"), InlineData("172.16.0.1"), InlineData("172.31.255.255")]
    [InlineData("192.0.0.192"), InlineData("192.0.2.1"), InlineData("192.88.99.1"), InlineData("192.168.1.1"), InlineData("198.18.0.1")]
    [InlineData("198.19.255.255"), InlineData("198.51.100.7"), InlineData("203.0.113.7"), InlineData("224.0.0.1"), InlineData("239.255.255.250")]
    [InlineData("240.0.0.1"), InlineData("255.255.255.255"), InlineData("168.63.129.16")]
    [InlineData("::"), InlineData("::1"), InlineData("::127.0.0.1"), InlineData("::8.8.8.8"), InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.1.2.3"), InlineData("::ffff:169.254.169.254"), InlineData("::ffff:0:127.0.0.1"), InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b::10.0.0.1"), InlineData("64:ff9b:1::8.8.8.8"), InlineData("100::1"), InlineData("2001::7f00:1:0:0:0")]
    [InlineData("2001:0:808:808:0:0:80ff:fffe"), InlineData("2001:2::1"), InlineData("2001:10::1"), InlineData("2001:20::1")]
    [InlineData("2001:db8::1"), InlineData("2002:7f00:1::"), InlineData("2002:a9fe:a9fe::1"), InlineData("2002:c0a8:101::1"), InlineData("3fff::1")]
    [InlineData("2600::5efe:127.0.0.1"), InlineData("2600::200:5efe:10.0.0.1"), InlineData("5f00::1"), InlineData("fc00::1")]
    [InlineData("fd00:ec2::254"), InlineData("fe80::1"), InlineData("fe80::1%1"), InlineData("fec0::1"), InlineData("ff02::1"), InlineData("ff0e::1")]
    public void What_is_not_the_internet_is_closed(string address) => Assert.False(new OpenAddresses([]).Allow(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1"), InlineData("8.8.8.8"), InlineData("100.63.255.255"), InlineData("100.128.0.1"), InlineData("172.15.0.1")]
    [InlineData("172.32.0.1"), InlineData("169.253.1.1"), InlineData("192.169.0.1"), InlineData("198.20.0.1"), InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8"), InlineData("64:ff9b::8.8.8.8"), InlineData("2606:4700:4700::1111"), InlineData("2002:808:808::1")]
    [InlineData("2001:4860:4860::8888"), InlineData("2001:0:808:808:0:0:f7f7:f7f7"), InlineData("2600::5efe:8.8.8.8")]
    public void The_internet_is_open(string address) => Assert.True(new OpenAddresses([]).Allow(IPAddress.Parse(address)));

    [Fact]
    public void A_setting_opens_a_network_and_no_other()
    {
        var open = new OpenAddresses(new WebhookOptions { WebhookAllowedNetworks = "10.1.0.0/16, ::1" }.Allowed);

        Assert.True(open.Allow(IPAddress.Parse("10.1.2.3")));
        Assert.True(open.Allow(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.True(open.Allow(IPAddress.Parse("::1")));
        Assert.False(open.Allow(IPAddress.Parse("10.2.0.1")));
        Assert.False(open.Allow(IPAddress.Parse("2002:a01:203::1")));
        Assert.False(open.Allow(IPAddress.Parse("127.0.0.1")));
    }

    [Theory]
    [InlineData("http://127.0.0.1/"), InlineData("https://127.0.0.1:8443/x"), InlineData("http://127.1/"), InlineData("http://127.0.1/")]
    [InlineData("http://2130706433/"), InlineData("http://0x7f000001/"), InlineData("http://0x7f.0.0.1/"), InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/"), InlineData("http://0x7F.1/"), InlineData("http://127.0.0.1./"), InlineData("http://0/")]
    [InlineData("http://0.0.0.0:80/"), InlineData("http://169.254.169.254/latest/meta-data/"), InlineData("http://2852039166/")]
    [InlineData("http://10.0.0.1/"), InlineData("http://192.168.0.1/"), InlineData("http://172.16.0.1/"), InlineData("http://100.64.0.1/")]
    [InlineData("http://[::1]/"), InlineData("http://[::]/"), InlineData("http://[::ffff:127.0.0.1]/"), InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[0:0:0:0:0:ffff:7f00:1]/"), InlineData("http://[64:ff9b::7f00:1]/"), InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[fe80::1]/"), InlineData("http://[fd00:ec2::254]/"), InlineData("http://[ff02::1]/"), InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/"), InlineData("http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/"), InlineData("http://127。0。0。1/")]
    [InlineData("HTTP://127.0.0.1/"), InlineData("http://%31%32%37.0.0.1/"), InlineData("http:\\\\127.0.0.1/"), InlineData("http:/127.0.0.1/")]
    [InlineData("http://user@hooks.example.com/"), InlineData("http://user:secret@hooks.example.com/"), InlineData("http://@hooks.example.com/")]
    [InlineData("ftp://hooks.example.com/"), InlineData("hooks.example.com"), InlineData("//hooks.example.com/"), InlineData("file:///etc/passwd")]
    [InlineData("https://hooks.example.com:0/"), InlineData("https://hooks.example.com/#part"), InlineData("https://hooks.example.com/x#")]
    [InlineData("https://a2345678901234567890123456789012345678901234567890123456789012345.example.com/")]
    [InlineData("http://"), InlineData("http:///x"), InlineData(" http://hooks.example.com/"), InlineData("http://hooks.example.com/\n"), InlineData("")]
    public async Task An_address_that_says_so_itself_is_refused_at_once(string url)
    {
        var workspace = await hooked.Api.NewWorkspaceAsync();
        var hook = await Hook.NewAsync(workspace, "https://hooks.example.com/", "report.ready");

        foreach (var refused in (JsonElement[])
        [
            await workspace.PostAsync(Hook.Route, new { url, events = (string[])["*"] }, 400),
            await workspace.PatchAsync(hook.Path, new { url }, 400),
        ])
            Assert.Equal("/url", Assert.Single(refused.GetProperty("errors").EnumerateArray()).GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_connected_to()
    {
        using var inside = new Listening(IPAddress.Loopback);
        var hook = await Hook.NewAsync(await hooked.Api.NewWorkspaceAsync(), $"http://localhost:{inside.Port}/", "customer.created");

        await hook.Workspace.NewCustomerAsync();

        Assert.Equal(["address_refused"], Hook.ErrorsOf(await hook.TriedAsync(1)));
        Assert.False(inside.WasCalled);
    }

    [Theory]
    [InlineData(301), InlineData(302), InlineData(303), InlineData(307), InlineData(308)]
    public async Task A_redirect_is_a_failure_and_leads_nowhere(int status)
    {
        using var inside = new Listening(IPAddress.Loopback);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = $"http://127.0.0.1:{inside.Port}/";
            return Task.CompletedTask;
        };
        var hook = await Hook.NewAsync(hooked.Api, receiver, "customer.created");

        await hook.Workspace.NewCustomerAsync();

        var tried = await hook.TriedAsync(1);
        Assert.Equal([status], Hook.StatusesOf(tried));
        Assert.Equal("pending", Hook.StateOf(tried));
        Assert.False(inside.WasCalled);
    }

    [Fact]
    public async Task A_name_is_looked_up_once_and_what_was_looked_at_is_connected_to()
    {
        using var inside = new Listening(IPAddress.Loopback);
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = http =>
        {
            http.Response.Headers.Connection = "close"; // else nobody would look again
            return Task.CompletedTask;
        };
        var looks = 0;
        using var client = Client(_ => looks++ == 0 ? [IPAddress.Parse("127.0.0.2")] : [IPAddress.Loopback]);
        var url = new Uri($"http://changing.example:{receiver.Address.Port}/");

        Assert.Equal(200, (await client.SendAsync(url, Message, default)).Status);
        Assert.Equal(1, looks);
        Assert.Equal(TryErrors.AddressRefused, (await client.SendAsync(url, Message, default)).Error);
        Assert.Equal(
            TryErrors.AddressRefused, (await client.SendAsync(new Uri($"http://changing.example:{inside.Port}/"), Message, default)).Error);
        Assert.Equal(3, looks);
        Assert.Single(receiver.All);
        Assert.False(inside.WasCalled);
    }

    [Fact]
    public async Task Of_a_names_addresses_only_open_ones_are_connected_to()
    {
        await using var receiver = await Receiver.StartAsync();
        using var inside = Listening.TryAt(receiver.Address.Port);
        if (inside is null)
        {
            // Somebody else has that port of this address.
            await Of_a_names_addresses_only_open_ones_are_connected_to();
            return;
        }

        using var client = Client(_ => [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("127.0.0.2")]);

        Assert.Equal(204, (await client.SendAsync(new Uri($"http://both.example:{inside.Port}/"), Message, default)).Status);
        Assert.False(inside.WasCalled);
    }

    [Fact]
    public async Task A_connection_that_was_looked_at_serves_no_other_host()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = Client(host => host == "open.example" ? [IPAddress.Parse("127.0.0.2")] : [IPAddress.Loopback]);
        var port = receiver.Address.Port;

        Assert.Equal(204, (await client.SendAsync(new Uri($"http://open.example:{port}/"), Message, default)).Status);
        Assert.Equal(TryErrors.AddressRefused, (await client.SendAsync(new Uri($"http://closed.example:{port}/"), Message, default)).Error);
        Assert.Equal(204, (await client.SendAsync(new Uri($"http://open.example:{port}/"), Message, default)).Status);
        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task Whatever_a_host_is_the_try_says_what_went_wrong()
    {
        await using var receiver = await Receiver.StartAsync();
        using var garbage = new Listening(IPAddress.Parse("127.0.0.2"), 0, "NOT HTTP\r\n\r\n");
        using var client = Client(host => host == "nowhere.example" ? [] : [IPAddress.Parse("127.0.0.2")]);
        async Task<string?> ErrorOfAsync(string url) => (await client.SendAsync(new Uri(url), Message, default)).Error;

        Assert.Equal(TryErrors.NameUnknown, await ErrorOfAsync("http://nowhere.example/"));
        Assert.Equal(TryErrors.NotConnected, await ErrorOfAsync("http://shut.example:1/"));
        Assert.Equal(TryErrors.TlsFailed, await ErrorOfAsync($"https://plain.example:{receiver.Address.Port}/"));
        Assert.Equal(TryErrors.NoAnswer, await ErrorOfAsync($"http://garbage.example:{garbage.Port}/"));
        Assert.Empty(receiver.All);
    }

    static readonly WebhookMessage Message = new("id", 1, "v1,x", "{}"u8.ToArray());

    static WebhookClient Client(Func<string, IPAddress[]> resolve) => new(
        new GuardedConnections(
            new OpenAddresses([IPNetwork.Parse(HookedApi.Open)]), (host, _) => Task.FromResult(resolve(host))),
        TimeProvider.System);

    /// <summary>Listens where nothing must come; or answers whoever comes with some text.</summary>
    sealed class Listening : IDisposable
    {
        readonly TcpListener listener;

        public Listening(IPAddress address, int port = 0, string? says = null)
        {
            listener = new TcpListener(address, port);
            listener.Start();
            if (says is not null)
                _ = SayAsync(says);
        }

        /// <summary>At a port of 127.0.0.1; null when it is taken.</summary>
        public static Listening? TryAt(int port)
        {
            try
            {
                return new Listening(IPAddress.Loopback, port);
            }
            catch (SocketException)
            {
                return null;
            }
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public bool WasCalled => listener.Pending();

        public void Dispose() => listener.Dispose();

        async Task SayAsync(string text)
        {
            using var client = await listener.AcceptSocketAsync();
            await client.ReceiveAsync(new byte[100]);
            await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(text));
        }
    }
}
