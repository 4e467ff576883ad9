using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Reading;

/// <summary>What the numbers of people, event types, endpoints and products are called, and which numbers texts have.</summary>
sealed class DimensionTexts(NpgsqlConnection connection, Workspace workspace)
{
    readonly RequestTexts requests = new(connection, workspace);

    /// <summary>The texts of some numbers; nobody and nothing have none.</summary>
    public async Task<Dictionary<int, string>> OfAsync(Dimension dimension, IEnumerable<int> numbers, CancellationToken cancel)
    {
        if (dimension == Dimension.EventType)
            return await TypeNames.OfAsync(connection, workspace.Key, numbers, cancel);
        if (dimension != Dimension.Person)
            return await requests.OfAsync(TextOf(dimension), numbers, cancel);
        var people = await CustomerNames.OfAsync(connection, workspace.Key, numbers, cancel);
        return people.Where(person => person.Value.Called is not null).ToDictionary(person => person.Key, person => person.Value.Called!);
    }

    /// <summary>The numbers that may have any of some texts.</summary>
    public async Task<int[]> NumbersAsync(Dimension dimension, string[] texts, CancellationToken cancel)
    {
        if (dimension == Dimension.EventType)
            return await TypeNames.NumbersAsync(connection, workspace.Key, texts, cancel);
        if (dimension == Dimension.Person)
            return await requests.PeopleAsync(texts, cancel) ?? [];
        return await requests.NumbersAsync(TextOf(dimension), texts, cancel);
    }

    static RequestText TextOf(Dimension dimension) => dimension == Dimension.Product ? RequestText.Product : RequestText.Endpoint;
}
