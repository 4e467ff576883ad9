using System.Text;
using Analytics.Features.Ingestion;
using Xunit;

namespace Analytics.Tests.Features.Ingestion;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.9", "203.0.113")]
    [InlineData(" 203.0.113.9 ", "203.0.113")]
    [InlineData("203.0.113.9:51234", "203.0.113")]
    [InlineData("203.0.113.9, 10.0.0.1, 10.0.0.2", "203.0.113")]
    [InlineData("203.0.113.9:80,10.0.0.1", "203.0.113")]
    [InlineData("unknown, 203.0.113.9", "203.0.113")]
    [InlineData("-, 203.0.113.9", "203.0.113")]
    [InlineData("nonsense,,203.0.113.9", "203.0.113")]
    [InlineData("0.0.0.0", "0.0.0")]
    [InlineData("255.255.255.255", "255.255.255")]
    [InlineData("::ffff:203.0.113.9", "203.0.113")]
    [InlineData("::FFFF:cb00:7109", "203.0.113")]
    [InlineData("[::ffff:203.0.113.9]:443", "203.0.113")]
    [InlineData("0:0:0:0:0:ffff:203.0.113.9", "203.0.113")]
    public void Of_IPv4_24_bits_are_kept(string sent, string network) =>
        Assert.Equal(network, string.Join('.', Network(sent)));

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010db80001")]
    [InlineData("2001:DB8::1", "20010db80000")]
    [InlineData("[2001:db8:1::9]", "20010db80001")]
    [InlineData("[2001:db8:1::9]:443", "20010db80001")]
    [InlineData("\"[2001:db8:1::9]:443\"", "20010db80001")]
    [InlineData("fe80::1%eth0", "fe8000000000")]
    [InlineData("[fe80::1%25eth0]:80", "fe8000000000")]
    [InlineData("2001:db8:1::9, 203.0.113.9", "20010db80001")]
    [InlineData("::1", "000000000000")]
    [InlineData("::", "000000000000")]
    [InlineData("64:ff9b::203.0.113.9", "0064ff9b0000")]
    public void Of_IPv6_48_bits_are_kept(string sent, string network) => Assert.Equal(network, Convert.ToHexStringLower(Network(sent)));

    [Theory]
    [InlineData(""), InlineData("-"), InlineData("unknown"), InlineData(" "), InlineData(","), InlineData("_hidden"), InlineData("shop.example")]
    [InlineData("1.2.3"), InlineData("1.2.3.4.5"), InlineData("1.2.3.256"), InlineData("1.2.3.-4"), InlineData("1.2.3.+4"), InlineData("1..3.4"), InlineData("0x7f.0.0.1"), InlineData("2130706433")]
    [InlineData("1.2.3. 4"), InlineData("1.2.3.0004"), InlineData("[1.2.3.4"), InlineData("[]"), InlineData("["), InlineData(":"), InlineData(":80"), InlineData("1:2:3")]
    [InlineData("::1::2"), InlineData("2001:db8::g"), InlineData("%eth0"), InlineData("::1/64"), InlineData("1.2.3.4/24"), InlineData("１.2.3.4"), InlineData("é")]
    public void Anything_else_is_none(string sent) => Assert.Empty(Network(sent));

    static byte[] Network(string sent) => ClientAddress.NetworkOf(Encoding.UTF8.GetBytes(sent));
}
