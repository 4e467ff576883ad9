using System.Text.Json;
using Analytics.Reading;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>What the customers of facts are called, as long as nobody's ids change.</summary>
sealed class FactCustomers(int workspace)
{
    const int MostKnown = 200_000;

    readonly Dictionary<int, (string? Called, byte[] Json)> known = new() { [0] = (null, []) };

    /// <summary>Gets to know some people.</summary>
    public async Task LearnAsync(NpgsqlConnection connection, IEnumerable<int> people, CancellationToken cancel)
    {
        int[] wanted = [.. people.Distinct()];
        if (known.Count > MostKnown)
        {
            known.Clear();
            known[0] = (null, []);
        }

        var names = await CustomerNames.OfAsync(connection, workspace, wanted.Where(person => !known.ContainsKey(person)), cancel);
        foreach (var (person, name) in names)
            known[person] = (name.Called, JsonSerializer.SerializeToUtf8Bytes(name.Called));
    }

    /// <summary>A person that is known; 0 is nobody.</summary>
    public (string? Called, byte[] Json) Of(int person) => known[person];
}
