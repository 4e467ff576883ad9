using System.Globalization;
using System.Numerics;
using Analytics.Sketches;

namespace Analytics.Storage.Verification;

/// <summary>Distinct people: a bit for each number, in words that are there only when they hold somebody.</summary>
sealed class PersonTally
{
    readonly Dictionary<int, ulong> words = [];

    public int Count => words.Values.Sum(BitOperations.PopCount);

    public void Add(int person) => words[person >> 6] = words.GetValueOrDefault(person >> 6) | (1UL << (person & 63));

    public void Add(PersonSet stored)
    {
        foreach (var person in stored)
            Add(person);
    }

    /// <summary>Both numbers of people with the first one who is on one side only; null when all are on both.</summary>
    public static (string Stored, string Counted)? FirstDifference(PersonTally? stored, PersonTally? counted)
    {
        var (mine, theirs) = (stored?.words ?? [], counted?.words ?? []);
        foreach (var word in mine.Keys.Union(theirs.Keys).Order())
        {
            var (left, right) = (mine.GetValueOrDefault(word), theirs.GetValueOrDefault(word));
            if (left == right)
                continue;
            var person = (word << 6) | BitOperations.TrailingZeroCount(left ^ right);
            return (Words(stored, person, (left >> (person & 63) & 1) != 0), Words(counted, person, (right >> (person & 63) & 1) != 0));
        }

        return null;
    }

    static string Words(PersonTally? people, int person, bool isThere) => string.Create(
        CultureInfo.InvariantCulture, $"{people?.Count ?? 0} ({(isThere ? "with" : "without")} person {person})");
}
