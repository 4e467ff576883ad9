using Analytics.Tests.Features.Streams;

namespace Analytics.Tests.Web;

/// <summary>Stories of people at the dashboard. Each fails when something went wrong in one of their browsers, whatever it was looking for.</summary>
public abstract class Story(AnalyticsApi api, Chromium chromium) : IAsyncDisposable
{
    readonly List<Visitor> visitors = [];
    readonly Stack<IAsyncDisposable> there = [];

    protected AnalyticsApi Api { get; } = api;

    /// <summary>Somebody who comes to the service, or to another node of it.</summary>
    protected async Task<Visitor> VisitorAsync(Surroundings? surroundings = null, Uri? service = null)
    {
        var visitor = await chromium.NewVisitorAsync(service ?? Api.Address, surroundings ?? new());
        visitors.Add(visitor);
        return visitor;
    }

    /// <summary>The same, signed in with a key.</summary>
    protected async Task<Visitor> SignedInAsync(ApiClient key, Surroundings? surroundings = null, Uri? service = null)
    {
        var visitor = await VisitorAsync(surroundings, service);
        await visitor.SignInAsync(key.Key);
        return visitor;
    }

    /// <summary>Another node of the service, there until everybody has left.</summary>
    protected async Task<Node> NodeAsync(params (string Name, string Value)[] settings) =>
        UntilEverybodyHasLeft(await Node.StartAsync(Api, settings));

    /// <summary>What browsers talk to ends after them: a page that is still open would find it gone, and say so.</summary>
    protected T UntilEverybodyHasLeft<T>(T talkedTo) where T : IAsyncDisposable
    {
        there.Push(talkedTo);
        return talkedTo;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var faults = visitors.SelectMany(visitor => visitor.Faults).ToList();
        foreach (var visitor in visitors)
            await visitor.DisposeAsync();
        while (there.TryPop(out var last))
            await last.DisposeAsync();
        Assert.Empty(faults);
    }
}
