using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace Analytics.Commands.ImportLog;

/// <summary>The bytes of a log: a file, plain or gzip whatever its name is, or standard input.</summary>
sealed class LogFile : IAsyncDisposable
{
    static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b];

    readonly Stream raw;

    // Else the end of what was cut off passes for the log's.
    static LogFile() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    LogFile(Stream raw, Stream text) => (this.raw, Text) = (raw, text);

    /// <summary>The log, unpacked.</summary>
    public Stream Text { get; }

    /// <summary>Whether it may be written while it is read.</summary>
    public bool IsGrowing => ReferenceEquals(raw, Text) && raw is FileStream;

    /// <summary>How much of it is read, 0 to 1; null for what has no end.</summary>
    public double? Part => raw is FileStream { CanSeek: true, Length: > 0 } file ? Math.Min(1, file.Position / (double)file.Length) : null;

    public static async Task<LogFile> OpenAsync(ImportOptions options, CancellationToken cancel)
    {
        Stream input = options.IsStandardInput ? Console.OpenStandardInput()
            : new FileStream(options.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!input.CanSeek)
            return await OpenAsync(input, cancel);
        var first = new byte[Gzip.Length];
        var isGzip = await input.ReadAtLeastAsync(first, first.Length, throwOnEndOfStream: false, cancel) == first.Length && IsGzip(first);
        input.Position = 0;
        return new LogFile(input, isGzip ? new GZipStream(input, CompressionMode.Decompress) : input);
    }

    // What cannot be read again is looked at ahead.
    static async Task<LogFile> OpenAsync(Stream input, CancellationToken cancel)
    {
        var pipe = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 128 * 1024));
        var first = await pipe.ReadAtLeastAsync(Gzip.Length, cancel);
        var isGzip = IsGzip(first.Buffer.Slice(0, Math.Min(first.Buffer.Length, Gzip.Length)).ToArray());
        pipe.AdvanceTo(first.Buffer.Start);
        return new LogFile(input, isGzip ? new GZipStream(pipe.AsStream(), CompressionMode.Decompress) : pipe.AsStream());
    }

    static bool IsGzip(ReadOnlySpan<byte> first) => first.SequenceEqual(Gzip);

    public async ValueTask DisposeAsync()
    {
        await Text.DisposeAsync();
        await raw.DisposeAsync();
    }
}
