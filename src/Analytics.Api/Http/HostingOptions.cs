using System.ComponentModel.DataAnnotations;

namespace Analytics.Http;

/// <summary>
/// Where the service listens: exactly at <c>ASPNETCORE_URLS</c> when set, else at the <c>PORT</c> (8080) of every address; besides at
/// the management port, when there is one. And how many connections it keeps: what the limit of open files leaves by default.
/// </summary>
sealed class HostingOptions : IValidatableObject
{
    public string? Urls { get; set; }

    public string? Port { get; set; }

    [ConfigurationKeyName("http_ports")]
    public string? HttpPorts { get; set; }

    [ConfigurationKeyName("Analytics:ManagementPort")]
    public string? ManagementPort { get; set; }

    [ConfigurationKeyName("Analytics:Connections"), Range(1, 1_000_000)]
    public int? Connections { get; set; }

    public IEnumerable<string> Addresses =>
        Each(Given(Urls, Of(Given(Port, HttpPorts, "8080")))).Concat(Each(Of(ManagementPort ?? "")));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Addresses
        .Where(address => !IsAddress(address))
        .Select(address => new ValidationResult(
            $"The service cannot listen at {address}: see ASPNETCORE_URLS, PORT and Analytics:ManagementPort."));

    static string Given(params string?[] settings) => settings.First(text => !string.IsNullOrEmpty(text))!;

    static string Of(string ports) => string.Join(';', Each(ports).Select(port => $"http://*:{port}"));

    static string[] Each(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries);

    static bool IsAddress(string text)
    {
        try
        {
            // A port that is no number stays with the host, and the scheme's own port is taken.
            var address = BindingAddress.Parse(text);
            var isHost = address.IsUnixPipe || address.IsNamedPipe || address.Host.StartsWith('[') || !address.Host.Contains(':');
            return isHost && address.Port is >= 0 and <= 65_535;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
