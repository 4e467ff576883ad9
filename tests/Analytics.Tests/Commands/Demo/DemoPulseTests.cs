using Analytics.Commands.Demo;
using Analytics.Feed;
using Analytics.Storage;
using Analytics.Tenancy;
using Analytics.Tests.Features.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Analytics.Tests.Commands.Demo;

/// <summary>The demo's pulse beats for those who look, and only then. The clock is the test's.</summary>
public sealed class DemoPulseTests(AnalyticsApi api) : IAsyncLifetime
{
    readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    readonly Heard<DemoPulse> log = new();
    WorkspaceClient demo = null!;
    DemoPulse pulse = null!;
    Counted sent = null!;

    public async ValueTask InitializeAsync()
    {
        demo = await api.NewWorkspaceAsync();
        pulse = new(Service<EventFeed>(), Service<TenantDirectory>(), Service<StoreReadiness>(), clock, log);
        sent = new Counted();
        await pulse.StartAsync(TestContext.Current.CancellationToken);
        pulse.Begin(new DemoClient(new HttpClient(sent) { BaseAddress = api.Address }, demo.Key!), demo.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await pulse.StopAsync(CancellationToken.None);
        pulse.Dispose();
    }

    [Theory]
    [InlineData("/api/stream/workspaces/{id}")]
    [InlineData("/api/v1/events/stream")]
    public async Task It_beats_while_a_stream_of_the_workspace_is_open(string stream)
    {
        Assert.Equal(0, await BeatsOfAsync(seconds: 5));

        await using (var open = await OpenStream.OpenAsync(demo, stream.Replace("{id}", $"{demo.Id}", StringComparison.Ordinal)))
        {
            await BeatsAsync();
            Assert.NotNull((await open.NextAsync()).Id);
            await IsLiveAsync(true);
            for (var (second, before) = (1, sent.Answered); second <= 4; second++)
                await EachSecondAsync(before + second);
        }

        await IsLiveAsync(false);
        // Some may have been on their way.
        await Until.HoldsAsync(async () => await BeatsOfAsync(seconds: 5) == 0, "It goes on beating.");
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task It_beats_for_nobody_who_looks_at_another_workspace()
    {
        var other = await api.NewWorkspaceAsync();
        await using var open = await OpenStream.OfAsync(other);
        await other.IngestAsync(Some.Event());
        await open.NextAsync();

        Assert.Equal(0, await BeatsOfAsync(seconds: 5));
    }

    T Service<T>() where T : notnull => api.Services.GetRequiredService<T>();

    async Task IsLiveAsync(bool wanted)
    {
        var workspace = await Service<TenantDirectory>().NamedAsync($"{demo.Id}");
        await Until.HoldsAsync(
            () => Service<EventFeed>().LiveWorkspaces.Contains(workspace!.Key) == wanted,
            "Streams open or close and the feed does not know.");
    }

    // A stream is live a moment after it is open.
    Task BeatsAsync() => Until.HoldsAsync(
        async () => await BeatsOfAsync(seconds: 3) > 0, "It does not beat for an open stream.");

    async Task EachSecondAsync(int beats)
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        await Until.HoldsAsync(() => sent.Answered >= beats, "A second passes without a beat.");
    }

    async Task<int> BeatsOfAsync(int seconds)
    {
        var before = sent.Answered;
        for (; seconds > 0; seconds--)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(60, TestContext.Current.CancellationToken); // for the job, which is another thread's
        }

        return sent.Answered - before;
    }

    sealed class Counted() : DelegatingHandler(new SocketsHttpHandler())
    {
        int answered;

        public int Answered => Volatile.Read(ref answered);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            Interlocked.Increment(ref answered);
            return answer;
        }
    }
}
