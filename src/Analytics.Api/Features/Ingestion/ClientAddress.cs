using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Analytics.Features.Ingestion;

/// <summary>Where a request came from, as far as it is kept: the network, not the machine.</summary>
static class ClientAddress
{
    const int BytesOf4 = 3;
    const int BytesOf6 = 6;

    // The longest address there is, of IPv6 with one of IPv4 in it.
    const int Longest = 45;

    /// <summary>
    /// The first address of a list, as proxies make them, without port and zone: its /24, or the /48 of IPv6. Empty where there is none.
    /// </summary>
    public static byte[] NetworkOf(ReadOnlySpan<byte> list)
    {
        foreach (var item in list.Split((byte)','))
            if (NetworkOfOne(WithoutPort(list[item].Trim(" \t\""u8))) is { Length: > 0 } network)
                return network;
        return [];
    }

    static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'[', ..])
            return text.IndexOf((byte)']') is > 0 and var end ? text[1..end] : [];
        var colon = text.IndexOf((byte)':');
        return colon >= 0 && colon == text.LastIndexOf((byte)':') ? text[..colon] : text;
    }

    static byte[] NetworkOfOne(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)':'))
            return NetworkOf4(text);
        if (text.IndexOf((byte)'%') is >= 0 and var zone)
            text = text[..zone];
        if (text.Length > Longest || !IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
            return [];
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.IsIPv4MappedToIPv6 ? bytes.Slice(12, BytesOf4).ToArray() : bytes[..BytesOf6].ToArray();
    }

    // By itself: the platform also takes 1.2, 0x7f.1 and octal numbers for addresses.
    static byte[] NetworkOf4(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        var parts = 0;
        foreach (var range in text.Split((byte)'.'))
        {
            var part = text[range];
            if (parts == bytes.Length || part.Length > 3
                || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[parts]))
                return [];
            parts++;
        }
        return parts == bytes.Length ? bytes[..BytesOf4].ToArray() : [];
    }
}
