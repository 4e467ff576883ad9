using Analytics.Storage;
using Npgsql;

namespace Analytics.Features.Erasure;

/// <summary>Where a step of an erasure ended among a kind's facts.</summary>
readonly record struct ErasurePlace(DateTime Time, Guid Id)
{
    public static readonly ErasurePlace First = new(DateTime.MinValue.ToUniversalTime(), Guid.Empty);
}

/// <summary>What a step did.</summary>
/// <param name="Found">How many facts of these people it looked at.</param>
/// <param name="WasClean">Whether nothing of them had to be scrubbed.</param>
/// <param name="End">Where the next step goes on; null when nothing is left.</param>
readonly record struct ErasureStep(int Found, bool WasClean, ErasurePlace? End);

/// <summary>The facts of one kind that an erasure goes through in the order of time, in small steps.</summary>
abstract class ErasedFacts(NpgsqlConnection connection, int workspace, ErasedWhom whom)
{
    const int LookedThroughAtOnce = 5_000;
    protected const int ScrubbedAtOnce = 500;

    protected NpgsqlConnection Connection { get; } = connection;
    protected int Workspace { get; } = workspace;
    protected ErasedWhom Whom { get; } = whom;

    /// <summary>Whether any fact may have to be scrubbed.</summary>
    protected virtual bool MayHaveAny => Whom.People is not [];

    /// <summary>Where the facts are.</summary>
    protected abstract string Table { get; }

    string EndSql => $"""
        select timestamp, id
        from {Table}
        where workspace_id = $1
          and timestamp >= $2
          and (timestamp, id) > ($2, $3)
          and timestamp <= $4
        order by timestamp, id
        offset $5
        limit 1
        """;

    /// <summary>
    /// Scrubs these people's facts after a place and up to another, or as far as it says; null where the workspace is gone.
    /// </summary>
    protected abstract Task<ErasureStep?> ScrubAsync(ErasurePlace from, ErasurePlace end, CancellationToken cancel);

    /// <summary>The next step; null where the workspace was deleted meanwhile: its facts go as they are.</summary>
    public async Task<ErasureStep?> StepAsync(ErasurePlace from, CancellationToken cancel)
    {
        if (!MayHaveAny)
            return new(0, true, null);
        var end = await Connection.FirstAsync<ErasurePlace?>(
            EndSql, [Workspace, from.Time, from.Id, Whom.Latest, LookedThroughAtOnce - 1],
            row => new ErasurePlace(row.GetDateTime(0), row.GetGuid(1)), cancel);
        return await ScrubAsync(from, end ?? new(Whom.Latest, Guid.AllBitsSet), cancel) is { } step
            ? step with { End = step.End ?? end }
            : null;
    }
}
