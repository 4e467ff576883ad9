using System.Globalization;
using System.Numerics;
using Analytics.Sketches;

namespace Analytics.Storage.Verification;

/// <summary>A set of numbers: a bit for each, in words that are there only when they hold any.</summary>
sealed class SetTally
{
    readonly Dictionary<int, ulong> words = [];

    public int Count => words.Values.Sum(BitOperations.PopCount);

    public void Add(int number) => words[number >> 6] = words.GetValueOrDefault(number >> 6) | (1UL << (number & 63));

    public void Add(PersonSet stored)
    {
        foreach (var number in stored)
            Add(number);
    }

    /// <summary>How many there are on both sides, with the first one that is on one side only; null when all are on both.</summary>
    public static (string Stored, string Counted)? FirstDifference(SetTally? stored, SetTally? counted)
    {
        var (mine, theirs) = (stored?.words ?? [], counted?.words ?? []);
        foreach (var word in mine.Keys.Union(theirs.Keys).Order())
        {
            var (left, right) = (mine.GetValueOrDefault(word), theirs.GetValueOrDefault(word));
            if (left == right)
                continue;
            var number = (word << 6) | BitOperations.TrailingZeroCount(left ^ right);
            return (Words(stored, number, (left >> (number & 63) & 1) != 0), Words(counted, number, (right >> (number & 63) & 1) != 0));
        }

        return null;
    }

    static string Words(SetTally? set, int number, bool isThere) => string.Create(
        CultureInfo.InvariantCulture, $"{set?.Count ?? 0} ({(isThere ? "with" : "without")} {number})");
}
