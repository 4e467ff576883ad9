using System.Buffers.Text;

namespace Analytics.Commands.ImportLog;

/// <summary>How long a request took, as logs say it.</summary>
static class Latency
{
    const decimal Second = 1_000_000;
    const decimal Limit = 1_000_000_000_000;

    /// <summary>Microseconds; null for a field that is no time. In what unit it is, unless told, its point says.</summary>
    public static long? Read(ReadOnlySpan<byte> field, int? unit)
    {
        if (!Utf8Parser.TryParse(field, out decimal number, out var used) || used != field.Length || number < 0 || number >= Limit)
            return null;
        return (long)decimal.Round(number * (unit ?? (field.Contains((byte)'.') ? Second : 1)));
    }
}
