using System.Net;

namespace Analytics.Http;

/// <summary>Networks and addresses as settings list them, with commas between them.</summary>
static class Networks
{
    public static string[] Each(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The network; of an address that which holds it alone, and null for what is neither.</summary>
    public static IPNetwork? Of(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
