using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>Folds deltas into a run of every rollup.</summary>
/// <param name="connection">A connection in a transaction, with whose commit the runs appear.</param>
/// <param name="workspace">Whose deltas they are.</param>
/// <param name="timeline">The zone of local days.</param>
/// <param name="minForDays">From how many bytes on people's days are worth it.</param>
sealed class DeltaFold(NpgsqlConnection connection, int workspace, Timeline timeline, long minForDays)
{
    public async Task WriteAsync(
        IReadOnlyList<StoredDelta> deltas, short tier, long firstSequence, long lastSequence, CancellationToken cancel)
    {
        List<byte[]> facts = [.. deltas.Select(delta => delta.Facts)], activity = [.. deltas.Select(delta => delta.Activity)];
        var withDays = facts.Sum(delta => (long)delta.Length) >= minForDays;
        var days = withDays ? new PersonDays(Run(RollupId.PeopleDays), timeline) : null;
        await WriteRunAsync(Run(RollupId.People, withDays), run => FactFold.WriteAsync(run, days, facts, cancel));
        if (days is not null)
            await days.FinishAsync(tier, firstSequence, lastSequence, cancel);
        await WriteRunAsync(Run(RollupId.ShareActivity), run => FactFold.WriteAsync(run, null, activity, cancel));

        var fold = new TimelineFold(timeline);
        foreach (var delta in facts)
        {
            var fact = new DeltaReader(delta);
            while (fact.Read())
                fold.Add(in fact);
        }

        await WriteRunAsync(Run(RollupId.Timeline), run => fold.WriteAsync(run, cancel));
        var active = new ActivityFold(timeline, await ServiceTypes.OfAsync(connection, workspace, cancel));
        foreach (var delta in deltas)
            active.Add(delta);
        await WriteRunAsync(Run(RollupId.Activity), run => active.WriteTimelineAsync(run, cancel));
        await WriteRunAsync(Run(RollupId.PeopleActivity), run => active.WritePeopleAsync(run, cancel));

        async Task WriteRunAsync(RunWriter run, Func<RunWriter, Task> write)
        {
            await write(run);
            await run.FinishAsync(tier, firstSequence, lastSequence, cancel);
        }
    }

    RunWriter Run(RollupId rollup, bool withDays = false) => new(connection, workspace, rollup) { HasDays = withDays };
}
