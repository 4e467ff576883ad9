using Analytics.Reading;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;

namespace Analytics.Features.Business.Query.Plans;

/// <summary>What a cell is of: a bucket, and the numbers of the dimensions that matter to the question, in their order.</summary>
readonly record struct PlannedKey(int Bucket, int First, int Second, int Third)
{
    public int this[int dimension] => dimension switch { 0 => First, 1 => Second, _ => Third };
}

/// <summary>Reads what a plan's cells say of the facts that a question may be about.</summary>
sealed class PlannedCells(RollupSnapshot snapshot, Workspace workspace, RollupPlan plan, PlannedQuestion question)
{
    /// <summary>More are read as raw facts, whose groups are bounded.</summary>
    public const int Most = 200_000;

    // Those of each are looked for: of more, raw facts are read in less time.
    const int MostLeads = 1_000;

    readonly Dictionary<PlannedKey, Cell> cells = [];
    readonly (bool IsLead, Dimension Part)[] places = [.. question.Used.Select(dimension => plan.PlaceOf(dimension)!.Value)];

    // By the places of the dimensions that matter; null where any number will do.
    readonly HashSet<int>?[] wanted = new HashSet<int>?[question.Used.Count];
    bool tooMany;

    /// <summary>By their keys; null when they, or those whose they are, are too many.</summary>
    public async Task<IReadOnlyDictionary<PlannedKey, Cell>?> ReadAsync(IReadOnlyList<Bucket> buckets, CancellationToken cancel)
    {
        foreach (var (at, dimension) in question.Used.Index())
            wanted[at] = await NumbersAsync(dimension, cancel);
        if (Array.Exists(wanted, numbers => numbers is { Count: 0 }))
            return cells;
        var leads = plan.Rollup.Lead == Dimension.None ? null
            : wanted[question.PlaceOf(plan.Rollup.Lead)] ?? await LeadsAsync(plan.LeadsFrom!, buckets, cancel);
        if (leads?.Count > MostLeads)
            return null;
        await snapshot.ReadAsync(
            plan.Rollup, new BucketCover(buckets, snapshot.Timeline, plan.Rollup), leads, RollupPlan.PartsFor(question.Query), CellOf,
            cancel);
        return tooMany ? null : cells;
    }

    /// <summary>The numbers that have facts at all.</summary>
    async Task<HashSet<int>> LeadsAsync(Rollup rollup, IReadOnlyList<Bucket> buckets, CancellationToken cancel)
    {
        var (first, last, numbers) = (buckets[0], buckets[^1], new HashSet<int>());
        var parts = new OneCell<int>((number, _) => numbers.Add(number));
        await snapshot.ReadAsync(
            rollup, new BucketCover([new Bucket(first.From, last.To, first.From, last.To)], snapshot.Timeline, rollup), null,
            CellParts.Sums, (_, _, number) => parts.For(number), cancel);
        parts.End();
        return numbers;
    }

    Cell? CellOf(int bucket, int lead, int second)
    {
        Span<int> numbers = stackalloc int[3];
        for (var at = 0; at < wanted.Length; at++)
        {
            numbers[at] = places[at].Part.PartOf(places[at].IsLead ? lead : second);
            if (wanted[at]?.Contains(numbers[at]) == false)
                return null;
        }

        var key = new PlannedKey(bucket, numbers[0], numbers[1], numbers[2]);
        if (cells.TryGetValue(key, out var cell))
            return cell;
        tooMany |= cells.Count == Most;
        if (tooMany)
            return null;
        cells.Add(key, cell = new Cell());
        return cell;
    }

    // May be some more than the texts say: rows are filtered by what they show.
    async Task<HashSet<int>?> NumbersAsync(Dimension dimension, CancellationToken cancel)
    {
        var numbers = question.Named.TryGetValue(dimension, out var texts)
            ? (await new DimensionTexts(snapshot.Connection, workspace).NumbersAsync(dimension, [.. texts], cancel)).ToHashSet()
            : null;
        if (dimension != Dimension.Person
            || await PeopleLookup.VisibleAsync(snapshot.Connection, workspace.Key, question.Query.Customer, cancel) is not { } visible)
            return numbers;
        numbers?.IntersectWith(visible);
        return numbers ?? [.. visible];
    }
}
