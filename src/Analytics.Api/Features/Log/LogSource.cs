using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Features.Log;

/// <summary>
/// One of the tables that the log is merged of, looked at from the newest record back, in steps along its primary key: after every step it
/// is known how far it got.
/// </summary>
abstract class LogSource(BoundedRead read, Workspace workspace, DateTime from, FactPlace before)
{
    const int FirstStep = 2_000;
    const int LargestStep = 50_000;
    static readonly TimeSpan LongStep = TimeSpan.FromMilliseconds(80);

    int size = FirstStep;

    protected BoundedRead Read => read;
    protected Workspace Workspace => workspace;
    protected DateTime From => from;

    /// <summary>Records that fit, the newest first.</summary>
    public IReadOnlyList<FactPlace> Found => Places;

    /// <summary>Up to where everything was looked at, this place included; null when that is all.</summary>
    public FactPlace? Frontier { get; protected set; } = before;

    /// <summary>Whether every record fits: then no more are looked at than are wanted.</summary>
    protected virtual bool IsOpen => false;

    /// <summary>Looks at the next records, until so many were found or its step is over.</summary>
    public async Task StepAsync(int wanted, TimeProvider clock)
    {
        var started = clock.GetTimestamp();
        await StepAsync(Frontier!.Value, IsOpen ? wanted : size, wanted);
        size = clock.GetElapsedTime(started) > LongStep ? Math.Max(size / 2, 100) : Math.Min(size * 2, LargestStep);
    }

    /// <summary>The records at some places.</summary>
    public abstract Task<IEnumerable<LogRecord>> ReadAsync(IReadOnlyList<FactPlace> places);

    /// <summary>Looks at so many records before a place, and sets the frontier.</summary>
    protected abstract Task StepAsync(FactPlace before, int size, int wanted);

    /// <summary>Where those are noted.</summary>
    protected List<FactPlace> Places { get; } = [];
}

/// <summary>A source whose rows are looked at by SQL: <paramref name="table"/> under a condition.</summary>
abstract class ScannedSource(BoundedRead read, Workspace workspace, DateTime from, FactPlace before, string table)
    : LogSource(read, workspace, from, before)
{
    /// <summary>Where the few records are that fit, when they are few; null when all have to be looked at.</summary>
    protected RareMinutes? Rare { get; set; }

    /// <summary>What a row of the table must fulfil, as <c>e</c>; null when every row does.</summary>
    protected abstract string? Condition(SqlValues values);

    protected override bool IsOpen => Rare is null && Condition(new SqlValues()) is null;

    protected override Task StepAsync(FactPlace before, int size, int wanted) =>
        Rare is { } rare ? InMinutesAsync(rare, before, wanted) : AlongAsync(before, size, wanted);

    async Task AlongAsync(FactPlace before, int size, int wanted)
    {
        var values = new SqlValues();
        Frontier = await new BackwardStep(table, Workspace.Key, From, before, size, wanted)
            .LookAsync(Read, Condition(values), values, Places);
    }

    async Task InMinutesAsync(RareMinutes rare, FactPlace before, int wanted)
    {
        var minutes = await rare.NextAsync(wanted, Read.Cancel);
        if (minutes.Count == 0)
        {
            Frontier = null;
            return;
        }

        // The place to go on from is no condition of the index: every minute would be looked for from there.
        var values = new SqlValues();
        var most = values.Add(wanted);
        var sql = $"""
            select found.timestamp, found.id
            from unnest({values.Add(minutes.Select(minute => minute.Start).ToArray())},
                        {values.Add(minutes.Select(minute => minute.End).ToArray())}) as minute (start, stop)
            cross join lateral (
                select e.timestamp, e.id
                from {table} e
                where e.workspace_id = {values.Add(Workspace.Key)}
                  and e.timestamp >= minute.start
                  and e.timestamp < minute.stop
                  and e.timestamp >= {values.Add(From)}
                  and case when e.timestamp < {values.Add(before.Timestamp)} then true
                      else e.timestamp = {values.Add(before.Timestamp)} and e.id < {values.Add(before.Id)} end
                  and {Condition(values) ?? "true"}
                order by e.timestamp desc, e.id desc
                limit {most}
            ) found
            order by 1 desc, 2 desc
            limit {most}
            """;
        var (fitting, last) = (0, default(FactPlace));
        await Read.Connection.EachAsync(sql, values, row =>
        {
            Places.Add(last = new FactPlace(row.GetDateTime(0), row.GetGuid(1)));
            fitting++;
        }, Read.Cancel);
        if (fitting == wanted)
            (Frontier, Rare) = (last, rare.From(last.Timestamp));
        else
            Frontier = new FactPlace(minutes[^1].Start, Guid.Empty);
    }
}
