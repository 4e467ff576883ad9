using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.Features.Export;

/// <summary>A table that facts are exported from, in the order of (timestamp, id).</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Number">The column that says with which commit a row came: it rises from one to the next.</param>
/// <param name="HasTails">Whether its ids are the tails of the facts' ids.</param>
sealed record ExportTable(string Name, string Number = "commit", bool HasTails = false)
{
    public static readonly ExportTable Events = new("events", "seq");
    public static readonly ExportTable Requests = new("requests");
    public static readonly ExportTable Audit = new("audit");
    public static readonly ExportTable AppFacts = new("app_facts", HasTails: true);
    public static readonly ExportTable Invocations = new("invocations", HasTails: true);

    // By the primary key alone: the rows of a step are counted before any is read, so that no plan has to sort many.
    string EndSql => $"""
        select timestamp, id
        from {Name}
        where workspace_id = $1
          and timestamp between $2 and $4
          and (timestamp, id) > ($2, $3)
          and (timestamp, id) <= ($4, $5)
        order by timestamp, id
        offset $6
        limit 1
        """;

    /// <summary>Where the rows of a step are; their values are $1 to $6.</summary>
    public string RowsSql(string row) => $"""
        from {Name} {row}
        where {row}.workspace_id = $1
          and {row}.timestamp between $2 and $4
          and ({row}.timestamp, {row}.id) > ($2, $3)
          and ({row}.timestamp, {row}.id) <= ($4, $5)
          and {row}.{Number} <= $6
        """;

    public SqlValue[] ValuesOf(ExportStep step) => [.. Between(step.Workspace.Key, step.After, step.Last), NumberAt(step.Bound)];

    /// <summary>Where a step ends that has so many rows; null when there are fewer left.</summary>
    public async Task<FactPlace?> EndAsync(BoundedRead read, int workspace, FactPlace after, FactPlace last, int rows) =>
        await read.Connection.FirstAsync<FactPlace?>(
            EndSql, [.. Between(workspace, after, last), (long)rows - 1],
            row => HasTails ? FactPlace.Of(row.Microseconds(0), row.GetInt64(1)) : new(row.GetDateTime(0), row.GetGuid(1)), read.Cancel);

    SqlValue[] Between(int workspace, FactPlace after, FactPlace last) =>
        [workspace, after.Timestamp, IdOf(after), last.Timestamp, IdOf(last)];

    SqlValue IdOf(FactPlace place) => HasTails ? Storage.EventId.TailOf(place.Id) : place.Id;

    long NumberAt(ExportBound bound) => Number == "seq" ? bound.Sequence : bound.Commit;
}

/// <summary>The last commit that an export tells of, and the last event that came with it.</summary>
readonly record struct ExportBound(long Sequence, long Commit);

/// <summary>What of an export is read at once, in one snapshot: the facts after a place, up to another.</summary>
/// <param name="Read">The snapshot.</param>
/// <param name="Workspace">Whose facts.</param>
/// <param name="Visible">Only these people's; null for everybody's.</param>
/// <param name="People">What is known of people already.</param>
/// <param name="Bound">Nothing that came later.</param>
/// <param name="HasMore">Whether something did.</param>
/// <param name="After">What was told already.</param>
/// <param name="Last">Where it ends, this place included.</param>
sealed record ExportStep(
    BoundedRead Read, Workspace Workspace, int[]? Visible, KnownPeople People, ExportBound Bound, bool HasMore, FactPlace After,
    FactPlace Last)
{
    /// <summary>The last event that counts; null when there is no later one.</summary>
    public long? Through => HasMore ? Bound.Sequence : null;
}
