using System.Text;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Requests;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Reading;

/// <summary>Endpoints and customers by their numbers, and the other way round, in one snapshot.</summary>
sealed class RequestTexts(NpgsqlConnection connection, Workspace workspace)
{
    /// <summary>How requests of nobody are shown.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>How the endpoints are shown that a day had no room for.</summary>
    public const string Other = TextRoom.Other;

    // Lateral and by whole keys, and for which index; see docs/decisions/0014.
    const string TextsSql = """
        select wanted.number, known.text
        from unnest($3) as wanted (number)
        cross join lateral (
            select text
            from request_texts
            where workspace_id = $1
              and kind = $2
              and number between wanted.number and wanted.number
            order by number
            limit 1
        ) known
        """;

    const string NumbersSql = """
        select known.number
        from unnest($3) as wanted (hash)
        cross join lateral (
            select number
            from request_texts
            where workspace_id = $1
              and kind = $2
              and hash = wanted.hash
            offset 0
        ) known
        """;

    /// <summary>The texts of some numbers.</summary>
    public async Task<Dictionary<int, string>> OfAsync(RequestText kind, IEnumerable<int> numbers, CancellationToken cancel)
    {
        var texts = new Dictionary<int, string>();
        if (kind == RequestText.Endpoint)
            texts.Add(RequestFacts.OtherEndpoint, Other);
        int[] wanted = [.. numbers.Where(number => number != 0 && !texts.ContainsKey(number)).Distinct()];
        if (wanted.Length > 0)
            await connection.EachAsync(
                TextsSql, [workspace.Key, (short)kind, wanted], row => texts[row.GetInt32(0)] = row.GetString(1), cancel);
        return texts;
    }

    /// <summary>The numbers of some texts; those that no request named have none.</summary>
    public async Task<int[]> NumbersAsync(RequestText kind, IEnumerable<string> texts, CancellationToken cancel)
    {
        var wanted = texts.ToHashSet();
        var numbers = new List<int>();
        if (kind == RequestText.Endpoint && wanted.Remove(Other))
            numbers.Add(RequestFacts.OtherEndpoint);
        var hashes = wanted.Select(text => RequestTextNumbers.HashOf(workspace.HashKey, Encoding.UTF8.GetBytes(text))).ToArray();
        if (hashes.Length > 0)
            await connection.EachAsync(NumbersSql, [workspace.Key, (short)kind, hashes], row => numbers.Add(row.GetInt32(0)), cancel);
        return [.. numbers];
    }

    /// <summary>What customers are called, by their person's number: the product's id, else ours; nobody is anonymous.</summary>
    public async Task<Dictionary<int, string>> CustomersAsync(IEnumerable<int> people, CancellationToken cancel)
    {
        var names = new Dictionary<int, string> { [0] = Anonymous };
        foreach (var (person, name) in await CustomerNames.OfAsync(connection, workspace.Key, people, cancel))
            names.Add(person, name.Called!);
        return names;
    }

    /// <summary>The people that any of some names stands for, each the product's id or ours; null where there are no names.</summary>
    public async Task<int[]?> PeopleAsync(string[] customers, CancellationToken cancel)
    {
        if (customers is [])
            return null;
        var ids = customers.Select(name => Guid.TryParseExact(name, "D", out var id) ? id : (Guid?)null).OfType<Guid>().ToArray();
        int[] people = await PeopleLookup.OfExternalIdsAsync(connection, workspace.Key, customers, cancel);
        if (ids.Length > 0)
            people = [.. people.Union(await PeopleLookup.OfCustomersAsync(connection, workspace.Key, ids, cancel))];
        return customers.Contains(Anonymous) ? [.. people, 0] : people;
    }

    /// <summary>The requests of any of some customers and to any of some endpoints, of those that the caller may see.</summary>
    public async Task<RequestFilter> FilterAsync(
        IEnumerable<string?> customers, IEnumerable<string?> endpoints, Customer? boundTo, CancellationToken cancel)
    {
        // A parameter without a value asks for nothing.
        var people = await PeopleAsync([.. customers.OfType<string>()], cancel);
        string[] keys = [.. endpoints.OfType<string>()];
        if (await PeopleLookup.VisibleAsync(connection, workspace.Key, boundTo, cancel) is { } visible)
            people = people is null ? visible : [.. people.Intersect(visible)];
        return new RequestFilter(people, keys is [] ? null : await NumbersAsync(RequestText.Endpoint, keys, cancel));
    }
}
