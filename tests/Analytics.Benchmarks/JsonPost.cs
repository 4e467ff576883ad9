using System.Text;

namespace Analytics.Benchmarks;

/// <summary>A POST of JSON, headers included, in one buffer used again and again.</summary>
public sealed class JsonPost(string path, string key)
{
    const int HeaderRoom = 512;

    readonly string head = $" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        + "Content-Type: application/json\r\nContent-Length: ";

    /// <summary>Where it goes to.</summary>
    public string Path { get; set; } = path;

    /// <summary>Where the body is written.</summary>
    public Utf8Text Body { get; } = new();

    public void Start()
    {
        Body.Clear();
        Body.Reserve(HeaderRoom);
    }

    /// <summary>The request, valid until the next <see cref="Start"/>.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        var header = $"POST {Path}{head}{Body.Length - HeaderRoom}\r\n\r\n";
        Encoding.ASCII.GetBytes(header, Body.At(HeaderRoom - header.Length, header.Length));
        return Body.Memory[(HeaderRoom - header.Length)..];
    }
}
