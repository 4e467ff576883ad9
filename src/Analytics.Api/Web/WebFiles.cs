using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Analytics.Web;

/// <summary>A file of the page, and the same packed by the build.</summary>
sealed record WebFile(string Type, bool IsImmutable, byte[] Plain, byte[]? Brotli, byte[]? Gzip)
{
    /// <summary>Weak: it is the same for all packings.</summary>
    public EntityTagHeaderValue Tag { get; } =
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(Plain).AsSpan(0, 12))}\"", isWeak: true);

    /// <summary>A document that is written when it is asked for.</summary>
    public static WebFile Page(string html) =>
        new("text/html; charset=utf-8", IsImmutable: false, Encoding.UTF8.GetBytes(html), Brotli: null, Gzip: null);
}

/// <summary>The files of the page that the build named in its manifest, in memory: less than a megabyte.</summary>
sealed class WebFiles(string shell, IReadOnlyDictionary<string, WebFile> files)
{
    const string Manifest = "manifest.json";

    // Its name stays while its content changes.
    const string Licenses = "licenses.txt";

    static readonly Dictionary<string, string> Types = new()
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    };

    /// <summary>The document that loads the rest. Its base is <c>/ui/</c>.</summary>
    public string Shell { get; } = shell;

    public WebFile? Find(string name) => files.GetValueOrDefault(name);

    /// <summary>What the build left in a folder, or null where it left nothing.</summary>
    public static WebFiles? ReadFrom(string folder)
    {
        var manifest = Path.Combine(folder, Manifest);
        if (!File.Exists(manifest))
            return null;
        using var written = JsonDocument.Parse(File.ReadAllBytes(manifest));
        return new WebFiles(
            File.ReadAllText(Path.Combine(folder, Text(written.RootElement.GetProperty("shell"))), Encoding.UTF8),
            written.RootElement.GetProperty("files").EnumerateArray().Select(Text)
                .ToFrozenDictionary(name => name, name => FileOf(folder, name)));
    }

    static WebFile FileOf(string folder, string name) => new(
        Types[Path.GetExtension(name)], name != Licenses, File.ReadAllBytes(Path.Combine(folder, name)),
        Packed(folder, name + ".br"), Packed(folder, name + ".gz"));

    static byte[]? Packed(string folder, string name) =>
        Path.Combine(folder, name) is var path && File.Exists(path) ? File.ReadAllBytes(path) : null;

    static string Text(JsonElement element) => element.GetString()!;
}
