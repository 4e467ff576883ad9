using System.Runtime.InteropServices;
using Analytics.Sketches;

namespace Analytics.Storage.Rollups;

/// <summary>Folds deltas into what people, and the workspace as a whole, did: without event types, so that a year of it is quickly read.</summary>
sealed class ActivityFold(Timeline timeline, IReadOnlySet<int> serviceTypes)
{
    readonly Dictionary<long, Cell> people = [];
    readonly TimelineFold workspace = new(timeline);

    public void Add(StoredDelta delta)
    {
        ActivityFacts.Each(delta, serviceTypes, (key, cell) =>
        {
            ref var person = ref CollectionsMarshal.GetValueRefOrAddDefault(people, key, out _);
            (person ??= new Cell()).Merge(cell);
            var place = workspace.Cell(CommitFacts.QuarterOf(key), 0);
            place.Merge(cell);
            if (cell.Events > 0)
                place.AddPerson(CommitFacts.PersonOf(key));
        });
    }

    public Task WriteTimelineAsync(RunWriter run, CancellationToken cancel) => workspace.WriteAsync(run, cancel);

    public async Task WritePeopleAsync(RunWriter run, CancellationToken cancel)
    {
        using var bytes = new ByteWriter();
        foreach (var (key, cell) in people.Where(person => !person.Value.IsEmpty).OrderBy(person => person.Key))
        {
            bytes.Reset();
            CellFormat.Write(bytes, cell);
            await run.AddAsync(key, 0, bytes.WrittenMemory, cancel);
        }
    }
}
