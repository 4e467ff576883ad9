using Analytics.Reading;
using Analytics.Storage;

namespace Analytics.Features.Requests;

/// <summary>What recent requests are chosen by, in the store's numbers; null where there is no choice.</summary>
sealed record RecentFilter(int[]? People, int[]? Endpoints, int[]? ApiKeys, short[]? Statuses)
{
    public bool IsOpen => this is { People: null, Endpoints: null, ApiKeys: null, Statuses: null };

    /// <summary>Whether nothing passes it.</summary>
    public bool IsEmpty => People is [] || Endpoints is [] || ApiKeys is [];
}

/// <summary>
/// Looks for requests from the newest back, in steps along the primary key: after every step it is known how far it got, so that it may end
/// when its time is over.
/// </summary>
sealed class RecentScan(BoundedRead read, int workspace, RecentFilter filter, TimeProvider clock)
{
    const int FirstStep = 4_000;
    const int LargestStep = 50_000;
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(900);
    static readonly TimeSpan LongStep = TimeSpan.FromMilliseconds(100);

    readonly List<FactPlace> found = [];

    /// <summary>What was found, the newest first.</summary>
    public IReadOnlyList<FactPlace> Found => found;

    /// <summary>Up to where everything was looked at, this place included; null when that is all.</summary>
    public FactPlace? End { get; private set; }

    /// <summary>Goes from a place, which is not looked at, back to a time, until so many are found or its time is over.</summary>
    public async Task RunAsync(DateTime from, FactPlace before, int wanted)
    {
        var (since, size) = (clock.GetTimestamp(), filter.IsOpen ? wanted : Math.Max(wanted, FirstStep));
        End = filter.IsEmpty ? null : before;
        while (End is { } place && found.Count < wanted && clock.GetElapsedTime(since) < Longest)
        {
            var started = clock.GetTimestamp();
            var values = new SqlValues();
            End = await new BackwardStep("requests", workspace, from, place, size, wanted - found.Count)
                .LookAsync(read, Condition(values), values, found);
            size = clock.GetElapsedTime(started) > LongStep ? Math.Max(size / 2, 1) : Math.Min(size * 2, LargestStep);
        }
    }

    string? Condition(SqlValues values)
    {
        var conditions = new List<string>();
        void Add<T>(string column, T[]? numbers)
        {
            if (numbers is not null)
                conditions.Add($"e.{column} = any({values.Add(numbers)})");
        }

        Add("person", filter.People);
        Add("endpoint", filter.Endpoints);
        Add("api_key", filter.ApiKeys);
        Add("status", filter.Statuses);
        return conditions is [] ? null : string.Join(" and ", conditions);
    }
}
