using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Analytics.Tests.Features.Streams;

/// <summary>One at a time: these fill the machine.</summary>
[Collection<Tests.Faults.Faults>, System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ManyStreamsTests(AnalyticsApi api, ITestOutputHelper output)
{
    const int Events = 300;

    [Fact]
    public async Task Two_thousand_readers_each_get_every_event_once_and_in_order_while_others_do_not_read()
    {
        const int half = 1_000;
        const int idle = 100;
        WorkspaceClient[] workspaces = [await api.NewWorkspaceAsync(), await api.NewWorkspaceAsync()];
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { BaseAddress = api.Address };
        var readers = new List<CountingReader>();
        foreach (var workspace in workspaces)
            readers.AddRange(await AtOnceAsync(
                half, n => CountingReader.OpenAsync(http, workspace, reads: workspace != workspaces[0] || n >= idle)));

        var clock = Stopwatch.StartNew();
        for (var n = 0; n < Events; n += 10)
        {
            foreach (var workspace in workspaces)
                await workspace.IngestAsync(Numbered.Events(n, 10));
            await Task.Delay(20);
        }

        var writtenAfter = clock.Elapsed;
        foreach (var reader in readers.Where(reader => reader.Reads))
            await reader.HasAsync(Events).WaitAsync(Until.Patience);
        output.WriteLine($"{Events} events to {readers.Count} readers: written after {writtenAfter}, read after {clock.Elapsed}");
        foreach (var reader in readers)
        {
            if (reader.Reads)
                Assert.Equal(Enumerable.Range(0, Events), reader.Seen);
            reader.Dispose();
        }
    }

    [Fact]
    public async Task A_client_that_leaves_a_megabyte_unread_is_cut_off_and_nobody_else_notices()
    {
        var workspace = await api.NewWorkspaceAsync();
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { BaseAddress = api.Address };
        var slow = new List<CountingReader>();
        for (var n = 0; n < 20; n++)
            slow.Add(await CountingReader.OpenAsync(http, workspace, reads: false));
        await using var reader = await OpenStream.OfAsync(workspace);
        // Who came last is live now, and so are the others: a megabyte bounds what is live, while a replay has time.
        await workspace.IngestAsync(Numbered.Event(-1));
        Assert.Equal(-1, (await reader.NextAsync()).Number);
        var before = await SlowReadersAsync();

        // Some 4 MB: more than the systems between them take on their own.
        var padding = new string('x', 2_000);
        for (var n = 0; n < 1_600; n += 100)
        {
            await workspace.IngestAsync(Enumerable.Range(n, 100).Select(number =>
            {
                var e = Numbered.Event(number);
                e["metadata"]!["padding"] = padding;
                return e;
            }));
            // Who reads is never far behind.
            Assert.Equal(Enumerable.Range(n, 100), (await reader.TakeAsync(100)).Select(message => message.Number));
        }

        await Until.HoldsAsync(async () => await SlowReadersAsync() >= before + 20, "Not all of the 20 were cut off.");
        Assert.False(reader.HasEnded);
        foreach (var one in slow)
            one.Dispose();
    }

    /// <summary>Opens so many, twenty at the same time.</summary>
    internal static async Task<List<T>> AtOnceAsync<T>(int count, Func<int, Task<T>> openAsync)
    {
        var opened = new List<T>();
        foreach (var some in Enumerable.Range(0, count).Chunk(20))
            opened.AddRange(await Task.WhenAll(some.Select(openAsync)));
        return opened;
    }

    async Task<double> SlowReadersAsync()
    {
        using var answer = await api.Root.AskAsync(HttpMethod.Get, "/metrics");
        var text = await answer.Content.ReadAsStringAsync();
        return text.Split('\n').Where(line => line.StartsWith("analytics_stream_slow_readers_total", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(' ')[^1])).FirstOrDefault();
    }

    /// <summary>A light client: looks only for the numbers.</summary>
    sealed class CountingReader : IDisposable
    {
        readonly HttpResponseMessage answer;
        readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int wanted = int.MaxValue;

        CountingReader(HttpResponseMessage answer, bool reads) => (this.answer, Reads) = (answer, reads);

        public bool Reads { get; }

        public List<int> Seen { get; } = [];

        public static async Task<CountingReader> OpenAsync(HttpClient http, WorkspaceClient workspace, bool reads)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/api/stream/workspaces/{workspace.Id}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", workspace.Key);
            var opened = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(opened.IsSuccessStatusCode, $"{opened.StatusCode}");
            var reader = new CountingReader(opened, reads);
            if (reads)
                _ = Task.Run(reader.ReadAsync);
            return reader;
        }

        public Task HasAsync(int count)
        {
            lock (Seen)
            {
                wanted = count;
                if (Seen.Count >= count)
                    complete.TrySetResult();
            }

            return complete.Task;
        }

        public void Dispose() => answer.Dispose();

        async Task ReadAsync()
        {
            try
            {
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(), Encoding.UTF8, false, 8 * 1024);
                while (await lines.ReadLineAsync() is { } line)
                    if (line.StartsWith("data: ", StringComparison.Ordinal))
                        Note(line.AsSpan(line.IndexOf("\"n\":", StringComparison.Ordinal) + 4));
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException or HttpRequestException)
            {
                complete.TrySetException(gone);
            }
        }

        void Note(ReadOnlySpan<char> text)
        {
            var number = int.Parse(text[..text.IndexOfAnyExceptInRange('0', '9')]);
            lock (Seen)
            {
                Seen.Add(number);
                if (Seen.Count >= wanted)
                    complete.TrySetResult();
            }
        }
    }
}
