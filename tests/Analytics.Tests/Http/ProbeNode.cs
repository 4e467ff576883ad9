using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.DependencyInjection;
using Node = Analytics.Tests.Features.Streams.Node;

namespace Analytics.Tests.Http;

/// <summary>
/// A node that also has routes which only tests know: what holds for every route by construction is shown on those. Derive from it and
/// name the controllers; they are nested types, so that no other node finds them.
/// </summary>
public abstract class ProbeNode(AnalyticsApi api, params Type[] controllers) : IAsyncLifetime
{
    Node? node;

    public Uri Address => node!.Address;

    /// <summary>Acts with any credential.</summary>
    public ApiClient With(string? key) => new(Address, key);

    public async ValueTask InitializeAsync() => node = await Node.StartAsync(api, builder =>
    {
        AddProbes(builder, controllers);
        Configure(builder);
    });

    /// <summary>Adds the routes to any node.</summary>
    public static void AddProbes(WebApplicationBuilder builder, params Type[] controllers) => builder.Services.AddControllers()
        .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new Probes(controllers)));

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return node?.DisposeAsync() ?? default;
    }

    protected virtual void Configure(WebApplicationBuilder builder)
    {
    }

    sealed class Probes(Type[] controllers) : IApplicationFeatureProvider<ControllerFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
        {
            foreach (var controller in controllers)
                feature.Controllers.Add(controller.GetTypeInfo());
        }
    }
}
