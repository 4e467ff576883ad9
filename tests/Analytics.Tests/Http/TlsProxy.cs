using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Analytics.PrivatePostgres;

namespace Analytics.Tests.Http;

/// <summary>A real nginx of the test's own that ends TLS in front of a node, as docs/running.md says it should.</summary>
public sealed class TlsProxy : IAsyncDisposable
{
    const string Configuration = """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log error.log;
        events { worker_connections 256; }
        http {
          access_log off;
          client_body_temp_path bodies; proxy_temp_path proxied; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
          server {
            listen 127.0.0.1:PORT ssl;
            ssl_certificate proxy.crt;
            ssl_certificate_key proxy.key;
            location PATH {
              proxy_pass http://127.0.0.1:NODE;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header X-Forwarded-Host $http_host;
              proxy_set_header X-Forwarded-Prefix PREFIX;
            }
          }
        }
        """;

    static readonly X509Certificate2 Certificate = MakeCertificate();

    readonly string directory = Directory.CreateTempSubdirectory("analytics-nginx-").FullName;
    readonly int port = ClusterConfiguration.FreePort();
    readonly Nginx nginx;

    TlsProxy(string configuration, string path)
    {
        Address = new Uri($"https://127.0.0.1:{port}{path}");
        File.WriteAllText(Path.Combine(directory, "nginx.conf"), configuration.Replace("PORT", $"{port}"));
        File.WriteAllText(Path.Combine(directory, "proxy.crt"), Certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "proxy.key"), Certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        nginx = new Nginx(directory, port);
    }

    /// <summary>What the tests' clients trust: nothing but these proxies.</summary>
    public static SslClientAuthenticationOptions Trusted { get; } = new()
    {
        RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == Certificate.GetCertHashString(),
    };

    /// <summary>Where the node is reached through it, ending in a slash.</summary>
    public Uri Address { get; }

    /// <summary>Starts it. Under <paramref name="path"/> it leads to the node, with the path or, as it says then, without.</summary>
    public static async Task<TlsProxy> StartAsync(Uri node, string path, bool takesPathAway)
    {
        var proxy = new TlsProxy(
            Configuration.Replace("NODE", takesPathAway ? $"{node.Port}/" : $"{node.Port}").Replace("PATH", path)
                .Replace("PREFIX", takesPathAway ? $"\"{path.TrimEnd('/')}\"" : "\"\""),
            path);
        await proxy.nginx.ListensAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await nginx.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
