using System.ComponentModel.DataAnnotations;
using Analytics.Commands.Demo;
using Analytics.Features.Streams;
using Analytics.Features.Webhooks.Addresses;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Verification;
using Analytics.Tenancy;
using Analytics.Web;
using Microsoft.Extensions.Options;

namespace Analytics;

/// <summary>What can be set: each options class and the section it is read from. Nothing starts with settings that are not valid.</summary>
static class Settings
{
    static readonly Dictionary<Type, string> Sections = new()
    {
        [typeof(HostingOptions)] = "",
        [typeof(StoreOptions)] = "ConnectionStrings",
        [typeof(DataDirectoryOptions)] = "",
        [typeof(AccessOptions)] = "Analytics",
        [typeof(AddressOptions)] = "Analytics",
        [typeof(StreamOptions)] = "Analytics",
        [typeof(VerifyOptions)] = "Analytics",
        [typeof(DemoOptions)] = "",
        [typeof(LogOptions)] = "",
        [typeof(WebOptions)] = "Analytics",
        [typeof(WebhookOptions)] = "Analytics",
    };

    /// <summary>Throws <see cref="OptionsValidationException"/> for settings that are not valid.</summary>
    public static void AddSettings(this WebApplicationBuilder builder)
    {
        Add<HostingOptions>(builder);
        Add<StoreOptions>(builder);
        Add<DataDirectoryOptions>(builder);
        Add<AccessOptions>(builder);
        Add<AddressOptions>(builder);
        Add<StreamOptions>(builder);
        Add<VerifyOptions>(builder);
        Add<DemoOptions>(builder);
        Add<WebOptions>(builder);
        Add<WebhookOptions>(builder);
    }

    /// <summary>Settings where there is no container. Throws <see cref="OptionsValidationException"/> when they are not valid.</summary>
    public static T Read<T>(this IConfiguration configuration) where T : class, new()
    {
        var options = new T();
        var problems = new List<ValidationResult>();
        try
        {
            var section = Sections[typeof(T)];
            (section.Length > 0 ? configuration.GetSection(section) : configuration).Bind(options);
            Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        }
        catch (InvalidOperationException notConverted)
        {
            problems.Add(new(notConverted.Message));
        }
        return problems.Count == 0
            ? options
            : throw new OptionsValidationException(typeof(T).Name, typeof(T), problems.Select(problem => problem.ErrorMessage ?? ""));
    }

    static void Add<T>(WebApplicationBuilder builder) where T : class, new() =>
        builder.Services.AddSingleton(Options.Create(builder.Configuration.Read<T>()));
}
