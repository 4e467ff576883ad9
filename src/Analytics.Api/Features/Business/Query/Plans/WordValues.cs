using System.Text.Json;
using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>What the numbers of a dimension are under a question's word, and whether the filters on it let them pass.</summary>
sealed class WordValues
{
    readonly Dictionary<int, (object? Value, bool Passes)> values = [];

    WordValues(string word, int place) => (Word, Place) = (word, place);

    public string Word { get; }

    /// <summary>Where the numbers of the word's dimension are in keys.</summary>
    public int Place { get; }

    /// <summary>The word's values for all numbers of its dimension; null where a number does not say the value.</summary>
    public static async Task<WordValues?> ReadAsync(
        AskedQuery query, string word, int place, IReadOnlyCollection<int> numbers, DimensionTexts texts, CancellationToken cancel)
    {
        var dimension = QueryWords.Of(query.Dataset)[word];
        // Of the endpoints that a day had no room for only the raw requests say the method.
        if (word == QueryFields.Method && numbers.Contains(RequestFacts.OtherEndpoint))
            return null;
        var known = dimension == Dimension.Status ? null : await texts.OfAsync(dimension, numbers, cancel);
        var all = new WordValues(word, place);
        foreach (var number in numbers)
            all.Add(number, known is null ? ExactNumber.Of(number) : ValueOf(word, known.GetValueOrDefault(number)), query);
        return all;
    }

    public object? Of(int number) => values[number].Value;

    public bool Passes(int number) => values[number].Passes;

    void Add(int number, object? value, AskedQuery query)
    {
        var json = value is null ? [] : JsonSerializer.SerializeToUtf8Bytes(value, Json.Camel);
        values.Add(number, (value, query.Filters.All(filter => filter.Path != Word || filter.Passes(json))));
    }

    // The endpoint begins with its method.
    static string? ValueOf(string word, string? text) =>
        word == QueryFields.Method ? text?[..text.IndexOf(':', StringComparison.Ordinal)] : text;
}
