using System.Text;
using System.Text.Json;
using Analytics.Storage.Business;

namespace Analytics.Features.Business.Alerts;

/// <summary>
/// Values of a dimension as bytes that no other value has: a text, a number or a truth value; empty for none, and where there is no
/// dimension.
/// </summary>
static class AlertKeys
{
    public static readonly byte[] None = [];

    /// <summary>Any order, but always the same one.</summary>
    public static readonly IComparer<byte[]> Order = Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));

    /// <summary>That of raw JSON; empty JSON is none.</summary>
    public static byte[] Of(ReadOnlySpan<byte> json) => new JsonScalar(json).Distinct() ?? None;

    /// <summary>As JSON.</summary>
    public static string JsonOf(byte[] key) => key switch
    {
        [] => "null",
        [(byte)'t', ..] => JsonSerializer.Serialize(Encoding.UTF8.GetString(key.AsSpan(1))),
        [(byte)'b', (byte)'t'] => "true",
        [(byte)'b', ..] => "false",
        _ => ExactDecimal.Of(key.AsSpan(1)).Plain(),
    };
}
