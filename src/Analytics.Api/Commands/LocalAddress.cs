using System.Globalization;
using Analytics.Http;

namespace Analytics.Commands;

/// <summary>Where this machine reaches a service with the same settings.</summary>
static class LocalAddress
{
    /// <summary>The first address the service listens at, with its base path and a slash at the end.</summary>
    public static Uri Of(IConfiguration configuration)
    {
        var listens = configuration["ASPNETCORE_URLS"]?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()
            ?? $"http://localhost:{(configuration["PORT"] is { Length: > 0 } ports ? ports.Split(';')[0] : "8080")}";
        return Of(listens, configuration.Read<AddressOptions>());
    }

    /// <summary>The same of an address in the server's own words; "every address" of it is this machine here.</summary>
    public static Uri Of(string listens, AddressOptions options)
    {
        var address = BindingAddress.Parse(listens);
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{address.Scheme}://{host}:{address.Port}{options.Base}/"));
    }
}
