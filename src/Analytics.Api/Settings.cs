using System.ComponentModel.DataAnnotations;
using Analytics.Commands.Demo;
using Analytics.Features.Streams;
using Analytics.Storage;
using Analytics.Tenancy;
using Microsoft.Extensions.Options;

namespace Analytics;

/// <summary>What can be set: each options class and the section it is read from. The service does not start with settings that are not valid.</summary>
public static class Settings
{
    static readonly Dictionary<Type, string> Sections = new()
    {
        [typeof(StoreOptions)] = "ConnectionStrings",
        [typeof(AccessOptions)] = "Analytics",
        [typeof(StreamOptions)] = "Analytics",
        [typeof(DataDirectoryOptions)] = "",
        [typeof(DemoOptions)] = "",
    };

    public static void AddSettings(this WebApplicationBuilder builder)
    {
        Add<StoreOptions>(builder);
        Add<AccessOptions>(builder);
        Add<StreamOptions>(builder);
        Add<DataDirectoryOptions>(builder);
        Add<DemoOptions>(builder);
    }

    /// <summary>Settings for commands, which have no container. Throws <see cref="OptionsValidationException"/> like the service's start.</summary>
    public static T Read<T>(this IConfiguration configuration) where T : class, new()
    {
        var options = new T();
        SectionOf<T>(configuration).Bind(options);
        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true)
            ? options
            : throw new OptionsValidationException(typeof(T).Name, typeof(T), problems.Select(problem => problem.ErrorMessage ?? ""));
    }

    static void Add<T>(WebApplicationBuilder builder) where T : class => builder.Services
        .AddOptions<T>()
        .Bind(SectionOf<T>(builder.Configuration))
        .ValidateDataAnnotations()
        .ValidateOnStart();

    static IConfiguration SectionOf<T>(IConfiguration configuration) =>
        Sections[typeof(T)] is { Length: > 0 } name ? configuration.GetSection(name) : configuration;
}
