using System.Net;
using System.Net.Sockets;

namespace Analytics.Features.Webhooks.Addresses;

/// <summary>
/// Which addresses lie on the public internet, by the registries of special-purpose addresses (RFC 6890 and what came after it). Of IPv6
/// that is what is given out to hosts, and where an IPv4 address stands inside, that has to be public too: it is where packets end up.
/// </summary>
static class Internet
{
    static readonly IPNetwork[] ClosedV4 = Each(
        "0.0.0.0/8",          // this host, unspecified
        "10.0.0.0/8",         // private
        "100.64.0.0/10",      // carriers' NAT
        "127.0.0.0/8",        // loopback
        "168.63.129.16/32",   // a cloud's metadata, in the middle of the internet
        "169.254.0.0/16",     // link-local, metadata of most clouds
        "172.16.0.0/12",      // private
        "192.0.0.0/24",       // protocols, a cloud's metadata
        "192.0.2.0/24",       // documentation
        "192.88.99.0/24",     // relays of 6to4
        "192.168.0.0/16",     // private
        "198.18.0.0/15",      // benchmarks
        "198.51.100.0/24",    // documentation
        "203.0.113.0/24",     // documentation
        "224.0.0.0/4",        // multicast
        "240.0.0.0/4");       // reserved, broadcast

    // All others are loopback, link-local, unique local, multicast, IPv4 written as IPv6, or nobody's.
    static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");

    static readonly IPNetwork[] ClosedV6 = Each(
        "2001:2::/48",        // benchmarks
        "2001:10::/28",       // identifiers
        "2001:20::/28",       // identifiers
        "2001:db8::/32",      // documentation
        "3fff::/20");         // documentation

    static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Has(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? Has(address.MapToIPv4())
        : address.AddressFamily == AddressFamily.InterNetwork ? !Array.Exists(ClosedV4, network => network.Contains(address))
        : (Unicast.Contains(address) || Nat64.Contains(address))
            && !Array.Exists(ClosedV6, network => network.Contains(address))
            && Inside(address).All(Has);

    /// <summary>The IPv4 addresses that an IPv6 one is made of.</summary>
    static IEnumerable<IPAddress> Inside(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (SixToFour.Contains(address))
            yield return new IPAddress(bytes.AsSpan(2, 4));
        if (Nat64.Contains(address))
            yield return new IPAddress(bytes.AsSpan(12));
        if (Teredo.Contains(address))
        {
            yield return new IPAddress(bytes.AsSpan(4, 4));
            yield return new IPAddress(Array.ConvertAll(bytes[12..], part => (byte)~part));
        }

        // ISATAP, in any network.
        if ((bytes[8] & ~2) == 0 && bytes is [_, _, _, _, _, _, _, _, _, 0, 0x5e, 0xfe, ..])
            yield return new IPAddress(bytes.AsSpan(12));
    }

    static IPNetwork[] Each(params string[] networks) => Array.ConvertAll(networks, IPNetwork.Parse);
}

/// <summary>Where webhooks may go: to the public internet, and to what the setting opens.</summary>
sealed class OpenAddresses(IReadOnlyList<IPNetwork> allowed)
{
    public bool Allow(IPAddress address)
    {
        var real = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return allowed.Any(network => network.Contains(real)) || Internet.Has(real);
    }
}
