namespace Analytics.Tests.Commands.ImportLog;

/// <summary>An access log of at least 10 000 lines that nginx wrote yesterday and today.</summary>
public sealed class NginxLog : IAsyncLifetime
{
    const int AtLeast = 10_000;

    public string Path => System.IO.Path.Combine(Directory, "access.log");

    string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("analytics-nginx-").FullName;

    public async ValueTask InitializeAsync()
    {
        var sent = 0;
        foreach (var clock in (string?[])["-1d", null])
            await using (var nginx = await NginxServer.StartAsync(Directory, clock))
            {
                sent += await new MixedTraffic(seed: sent).SendAsync(nginx, AtLeast / 2);
                // A line is written after the answer.
                await Until.HoldsAsync(() => File.ReadLines(Path).Count() >= sent, "nginx has not written all.");
            }
    }

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
