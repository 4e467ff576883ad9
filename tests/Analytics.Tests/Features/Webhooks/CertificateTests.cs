using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Analytics.Features.Webhooks.Addresses;
using Analytics.Features.Webhooks.Deliveries;

namespace Analytics.Tests.Features.Webhooks;

/// <summary>A receiver's certificate names addresses, too: where its issuer's is to be had. Nobody goes there.</summary>
public sealed class CertificateTests
{
    static readonly IPAddress Open = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task Where_a_certificate_says_its_issuer_is_nobody_is_connected_to()
    {
        using var inside = new TcpListener(IPAddress.Loopback, 0);
        inside.Start();
        using var receiver = new TcpListener(Open, 0);
        receiver.Start();
        using var certificate = CertificateOf($"http://127.0.0.1:{PortOf(inside)}/issuer.crt");
        var greeting = GreetAsync(receiver, certificate);
        using var client = new WebhookClient(
            new GuardedConnections(new OpenAddresses([new IPNetwork(Open, 32)]), (_, _) => Task.FromResult<IPAddress[]>([Open])), TimeProvider.System);

        var tried = await client.SendAsync(
            new Uri($"https://receiver.example:{PortOf(receiver)}/"), new WebhookMessage("id", 1, "v1,x", "{}"u8.ToArray()), default);
        await greeting;

        Assert.Equal(TryErrors.TlsFailed, tried.Error);
        Assert.False(inside.Pending());
    }

    static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    static async Task GreetAsync(TcpListener receiver, X509Certificate2 certificate)
    {
        using var caller = await receiver.AcceptTcpClientAsync();
        await using var secure = new SslStream(caller.GetStream());
        try
        {
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
            _ = await secure.ReadAsync(new byte[1]);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The caller does not trust it.
        }
    }

    /// <summary>Issued by somebody whom nobody knows, and who is to be found at an address.</summary>
    static X509Certificate2 CertificateOf(string issuersAddress)
    {
        using var issuersKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var ofIssuer = new CertificateRequest("CN=Issuer", issuersKey, HashAlgorithmName.SHA256);
        ofIssuer.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var issuer = ofIssuer.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=receiver.example", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuersAddress]));
        using var issued = request.Create(issuer, now.AddDays(-1), now.AddDays(1), [1, 2, 3, 4]);
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
