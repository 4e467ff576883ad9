using Analytics.Client.Delivery;
using Analytics.Client.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Analytics.Client;

/// <summary>Puts the client into a host.</summary>
public static class AnalyticsSetup
{
    /// <summary>The configuration's section with key and address.</summary>
    const string Section = "Analytics";

    /// <summary>
    /// Adds <see cref="IAnalytics"/>, and what <see cref="UseApiAnalytics"/> needs. Key and address come from the configuration's section
    /// <c>Analytics</c>, or from here.
    /// </summary>
    public static TBuilder AddAnalytics<TBuilder>(this TBuilder builder, Action<AnalyticsOptions>? configure = null)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddAnalytics(configure);
        return builder;
    }

    /// <inheritdoc cref="AddAnalytics{TBuilder}(TBuilder, Action{AnalyticsOptions}?)"/>
    public static IServiceCollection AddAnalytics(this IServiceCollection services, Action<AnalyticsOptions>? configure = null)
    {
        var options = services.AddOptions<AnalyticsOptions>().BindConfiguration(Section);
        if (configure is not null)
            options.Configure(configure);
        if (services.Any(service => service.ServiceType == typeof(Courier)))
            return services;
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Losses>();
        services.AddSingleton<IngestCall>();
        services.AddSingleton<Courier>();
        services.AddHostedService(provider => provider.GetRequiredService<Courier>());
        services.AddSingleton<RequestRecorder>();
        services.AddSingleton<IStartupFilter, OutermostTiming>();
        services.TryAddSingleton<IAnalytics, QueuedAnalytics>();
        return services;
    }

    /// <summary>
    /// Tells Analytics of the requests that come by here. They are timed and their bytes counted around the whole pipeline, wherever this
    /// stands in it: so it says only which requests are told. Put it first to tell all.
    /// </summary>
    public static IApplicationBuilder UseApiAnalytics(this IApplicationBuilder app)
    {
        var recorder = app.ApplicationServices.GetService<RequestRecorder>()
            ?? throw new InvalidOperationException($"Call {nameof(AddAnalytics)}() on the services before {nameof(UseApiAnalytics)}().");
        recorder.IsUsed = true;
        return app.Use(next => context =>
        {
            TimedRequest.Of(context)?.ComesBy();
            return next(context);
        });
    }
}
