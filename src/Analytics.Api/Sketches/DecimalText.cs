namespace Analytics.Sketches;

/// <summary>A number as JSON writes it: sign, digits without zeros at either end, and the power of ten of the last of them.</summary>
readonly record struct DecimalText(bool IsNegative, UInt128 Digits, long Exponent)
{
    /// <summary>More significant digits than any number that may be aggregated has, and no more than UInt128 holds.</summary>
    const int MaxDigits = 30;

    const long FarExponent = 1_000_000_000_000;

    /// <summary>False when the text is no JSON number or has more digits than matter.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out DecimalText number)
    {
        number = default;
        var at = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            at++;
        var digits = new Collected();
        var start = at;
        ReadDigits(text, ref at, ref digits);
        if (at == start || (text[start] == '0' && at > start + 1))
            return false;
        var whole = at - start;
        if (at < text.Length && text[at] == '.')
        {
            start = ++at;
            ReadDigits(text, ref at, ref digits);
            if (at == start)
                return false;
        }
        if (!TryReadExponent(text, ref at, out var exponent) || at < text.Length || digits.Length > MaxDigits)
            return false;
        // The place of the last digit other than 0, counted from the decimal point.
        number = new(negative, digits.Value, exponent + whole - digits.Last);
        return true;
    }

    static void ReadDigits(ReadOnlySpan<byte> text, ref int at, ref Collected digits)
    {
        for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
            digits.Add(text[at] - '0');
    }

    static bool TryReadExponent(ReadOnlySpan<byte> text, ref int at, out long exponent)
    {
        exponent = 0;
        if (at >= text.Length || text[at] is not ((byte)'e' or (byte)'E'))
            return true;
        at++;
        var negative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is (byte)'-' or (byte)'+')
            at++;
        var start = at;
        for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
            exponent = Math.Min(FarExponent, (exponent * 10) + text[at] - '0');
        if (negative)
            exponent = -exponent;
        return at > start;
    }

    /// <summary>Digits read so far. Zeros wait until another digit shows that they are not at the end.</summary>
    ref struct Collected
    {
        int _seen;

        public UInt128 Value { get; private set; }

        /// <summary>Significant digits in <see cref="Value"/>.</summary>
        public int Length { get; private set; }

        /// <summary>How many digits had been seen with the last that was not 0.</summary>
        public int Last { get; private set; }

        public void Add(int digit)
        {
            _seen++;
            if (digit == 0)
                return;
            var shift = Length == 0 ? 1 : _seen - Last;
            Length = Math.Min(MaxDigits + 1, Length + shift);
            Last = _seen;
            if (Length <= MaxDigits)
                Value = (Value * PowersOfTen.All[shift]) + (UInt128)digit;
        }
    }
}
