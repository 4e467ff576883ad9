using System.Runtime.CompilerServices;
using Analytics.Contract;
using Analytics.Reading;
using Analytics.Sharing;
using Analytics.Storage;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Export;

/// <summary>
/// Reads an export step by step: each in a snapshot of its own, of no more than what had been committed when the export began. So it is as
/// it was then, holds up no vacuum however long it takes, and none of the store's connections while the client reads.
/// </summary>
sealed class ExportReader(NpgsqlDataSource store, Turns turns, ExportQuestion question, ExportBound bound)
{
    const int FirstRows = 500;
    const int MostRows = 4_000;

    // A step is made larger below the first, and smaller above the second.
    const int FewBytes = 1 << 20;
    const int ManyBytes = 1 << 21;

    const string NowSql = "select seq, commits, version from workspace_seq where workspace_id = $1";

    static readonly Guid LastId = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    readonly FactPlace end = new(question.Range.To.UtcDateTime.AddMicroseconds(-1), LastId);
    readonly KnownPeople people = new();
    int rows = FirstRows;

    /// <summary>Begins an export of what has been committed by now.</summary>
    public static async Task<ExportReader> BeginAsync(
        NpgsqlDataSource store, Turns turns, ExportQuestion question, CancellationToken cancel)
    {
        await using var connection = await store.OpenConnectionAsync(cancel);
        return new(store, turns, question, (await NowAsync(connection, question.Workspace, cancel)).Bound);
    }

    /// <summary>The facts in order, some at once; what comes next is read while they are used.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ExportLine>> PagesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (question.Range.IsEmpty)
            yield break;
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var next = ReadAsync(FactPlace.Before(question.Range.From), left.Token);
        try
        {
            while (true)
            {
                var page = await next;
                if (page.Last == end)
                {
                    yield return page.Lines;
                    yield break;
                }

                next = ReadAsync(page.Last, left.Token);
                yield return page.Lines;
            }
        }
        finally
        {
            await left.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static async Task<(ExportBound Bound, int Version)> NowAsync(
        NpgsqlConnection connection, Workspace workspace, CancellationToken cancel) =>
        await connection.FirstAsync<(ExportBound, int)?>(
            NowSql, [workspace.Key], row => (new(row.GetInt64(0), row.GetInt64(1)), row.GetInt32(2)), cancel)
                ?? throw ProblemException.NotFound();

    async Task<ExportPage> ReadAsync(FactPlace after, CancellationToken cancel)
    {
        var workspace = question.Workspace;
        using var turn = await turns.TakeAsync(workspace.Id, cancel);
        await using var read = await BoundedRead.OpenForLongAsync(store, cancel);
        var visible = await PeopleLookup.VisibleAsync(read.Connection, workspace.Key, question.Customer, read.Cancel);
        var last = await LastAsync(read, after);
        var (now, version) = await NowAsync(read.Connection, workspace, read.Cancel);
        var page = await question.Kind.ReadAsync(
            new(read, workspace, visible, people.AsOf(version), bound, HasMore: now != bound, after, last));
        var bytes = page.Lines.Sum(line => line.Bytes);
        rows = bytes < FewBytes ? Math.Min(rows * 2, MostRows) : bytes > ManyBytes ? Math.Max(rows / 2, 1) : rows;
        return page;
    }

    /// <summary>Where the step ends: of several tables where the first of them has its rows.</summary>
    async Task<FactPlace> LastAsync(BoundedRead read, FactPlace after)
    {
        var last = end;
        foreach (var table in question.Kind.TablesFor(isOfCustomer: question.Customer is not null))
            last = await table.EndAsync(read, question.Workspace.Key, after, last, rows) ?? last;
        return last;
    }
}
