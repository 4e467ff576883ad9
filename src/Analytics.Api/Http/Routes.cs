using Analytics.Contract;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Binders;

namespace Analytics.Http;

/// <summary>Controllers, how they read and write, and what every route must declare.</summary>
static class Routes
{
    public static void AddRoutes(this IServiceCollection services)
    {
        var queryNames = new QueryNames();
        services.AddControllers(mvc =>
            {
                mvc.Filters.Add<ValidRequests>(ValidRequests.Order);
                mvc.Filters.Add<Csv>();
                // Nothing reads forms: else a broken one would be a 400 before it is a 415.
                mvc.ValueProviderFactories.Clear();
                mvc.ValueProviderFactories.Add(new RouteValueProviderFactory());
                mvc.ValueProviderFactories.Add(queryNames);
                mvc.ModelBinderProviders.Insert(
                    mvc.ModelBinderProviders.IndexOf(mvc.ModelBinderProviders.OfType<SimpleTypeModelBinderProvider>().Single()),
                    new ExactTexts());
                mvc.Conventions.Add(queryNames);
                mvc.Conventions.Add(new HeadAnswers());
                // Pointers say which one is meant; what it is called in the code means nothing to clients.
                mvc.ModelBindingMessageProvider.SetAttemptedValueIsInvalidAccessor((value, _) => $"'{value}' is not valid here.");
                mvc.OutputFormatters.Clear();
                mvc.OutputFormatters.Add(new JsonAnswers());
                mvc.InputFormatters.Clear();
                mvc.InputFormatters.Add(new JsonBodies());
            })
            .AddApplicationPart(typeof(Routes).Assembly)
            .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new InternalControllers()));
        // The filter reports what binding found together with what the validators find.
        services.Configure<ApiBehaviorOptions>(api =>
        {
            api.SuppressModelStateInvalidFilter = true;
            api.SuppressMapClientErrors = true;
        });
        services.AddValidatorsFromAssembly(typeof(Routes).Assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
    }

    /// <summary>Fails at start when a route does not say who may call it.</summary>
    public static void RequireAccessOnEveryRoute(this WebApplication app)
    {
        var undeclared = ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .FirstOrDefault(endpoint => endpoint.Metadata.GetMetadata<AccessAttribute>() is null);
        if (undeclared is not null)
            throw new InvalidOperationException($"{undeclared.DisplayName} does not say who may call it.");
    }
}
