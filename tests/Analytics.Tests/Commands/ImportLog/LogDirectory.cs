using System.IO.Compression;

namespace Analytics.Tests.Commands.ImportLog;

/// <summary>A directory for a log, as logs are written, rotated and compressed.</summary>
sealed class LogDirectory : IDisposable
{
    readonly string path = Directory.CreateTempSubdirectory("analytics-log-").FullName;

    public string Log => PathOf("access.log");

    public string PathOf(string name) => Path.Combine(path, name);

    /// <summary>Lines that are all different, some a second.</summary>
    public static string[] Lines(int count, string agent = "curl/8.0") =>
    [
        .. Enumerable.Range(0, count).Select(index =>
            $"192.0.2.{index % 250} - - [11/Mar/2026:{index / 36_000 % 24:00}:{index / 600 % 60:00}:{index / 10 % 60:00} +0000] "
            + $"\"GET /orders/{index}?page=1 HTTP/1.1\" 200 {index} \"-\" \"{agent}\""),
    ];

    public void Write(params IEnumerable<string> lines) => File.WriteAllLines(Log, lines);

    public void Append(params IEnumerable<string> lines) => File.AppendAllLines(Log, lines);

    /// <summary>What logrotate does.</summary>
    public string Rotate()
    {
        File.Move(Log, PathOf("access.log.1"));
        return PathOf("access.log.1");
    }

    public static string Compress(string file)
    {
        using (var packed = new GZipStream(File.Create(file + ".gz"), CompressionLevel.Fastest))
            packed.Write(File.ReadAllBytes(file));
        File.Delete(file);
        return file + ".gz";
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
