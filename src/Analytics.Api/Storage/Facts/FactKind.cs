using Analytics.Storage.Business;
using Npgsql;

namespace Analytics.Storage.Facts;

/// <summary>
/// A sort of fact: its table, the sections its facts are added up in, and how they are counted anew from the raw rows.
/// </summary>
abstract class FactKind
{
    /// <param name="table">Its table of raw facts, partitioned by time.</param>
    /// <param name="sections">Where its facts count; no other kind adds to them.</param>
    protected FactKind(string table, params Section[] sections)
    {
        (Table, Sections) = (table, sections);
        foreach (var section in sections)
            section.Kind = this;
    }

    public string Table { get; }
    public IReadOnlyList<Section> Sections { get; }

    /// <summary>
    /// Reads the raw facts of a time and hands out, section by section, what commits would have added for them. However many facts
    /// there are, a bounded part of them is held at once.
    /// </summary>
    public abstract Task RecountAsync(RawCount count, CancellationToken cancel);

    /// <summary>Whether there are raw facts in one time and none in the one after it, up to an end.</summary>
    public async Task<bool> EndsWithinAsync(
        NpgsqlConnection reading, int workspace, long from, long to, long end, CancellationToken cancel) =>
        await reading.ScalarAsync<bool>(
            $"select not exists ({Between("$3", "$4")}) and exists ({Between("$2", "$3")})",
            [workspace, Sql.TimeOf(from), Sql.TimeOf(to), Sql.TimeOf(end)], cancel);

    string Between(string from, string to) =>
        $"select from {Table} where workspace_id = $1 and timestamp >= {from} and timestamp < {to}";
}

/// <summary>Which raw facts are counted anew, and where the count goes.</summary>
/// <param name="Reading">A connection with a snapshot: everything is read in it.</param>
/// <param name="Workspace">Whose facts.</param>
/// <param name="From">The first microsecond since 1970 that is counted.</param>
/// <param name="To">The first one that is not.</param>
/// <param name="Add">Takes a packed delta of a section.</param>
sealed record RawCount(NpgsqlConnection Reading, int Workspace, long From, long To, Func<Section, byte[], Task> Add)
{
    const int FactsAtOnce = 100_000;

    /// <summary>The only section that is wanted; null for all. What a kind hands out of others is stepped over.</summary>
    public Section? Only { get; init; }

    /// <summary>Whether those that are counted with it are wanted, too.</summary>
    public bool IsTogether { get; init; }

    /// <summary>Whether numeric fields are wanted, too.</summary>
    public bool HasValues { get; init; } = true;

    /// <summary>
    /// Only what people of these numbers did, 0 being nobody; null for everybody. Kinds whose facts may count for others than they name
    /// hand out everybody's.
    /// </summary>
    public int[]? People { get; init; }

    /// <summary>Only what came before billable units of these numbers, for them, and nothing else of a fact; null for everything.</summary>
    public int[]? Units { get; init; }

    /// <summary>Where texts that have no number get one for good: what counts everything has it. Null where nothing is written.</summary>
    public NpgsqlDataSource? Store { get; init; }

    /// <summary>The numbers that they have meanwhile.</summary>
    public LentTexts Lent { get; init; } = new();

    /// <summary>Only these numeric fields and nothing else of a fact; null for everything.</summary>
    public IReadOnlyCollection<short>? Fields { get; init; }

    /// <summary>The paths of numeric fields a workspace registered, when they are not those of the snapshot.</summary>
    public List<string>? Registered { get; init; }

    /// <summary>Whether it goes on to the end of time: the facts of such a count are not looked up one by one.</summary>
    public bool IsOfAllTime => To == long.MaxValue;

    public DateTime FromTime => Sql.TimeOf(From);
    public DateTime ToTime => Sql.TimeOf(To);

    /// <summary>Whether facts before <see cref="From"/> may be gone, so that what is left of a whole need not be all of it.</summary>
    public bool IsSealedBefore { get; init; }

    /// <summary>Called now and then with how many facts were read.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>
    /// Does something in the store as writers do, under the workspace's lock, which is held for no longer than that: texts get numbers.
    /// </summary>
    public async Task LockedAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancel)
    {
        var store = Store ?? throw new InvalidOperationException("Who counts everything says where texts get numbers.");
        await using var connection = await store.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("select from workspace_seq where workspace_id = $1 for update", [Workspace], cancel);
        await work(connection);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>What statements about raw facts begin with: the workspace $1, from $2 to $3, and perhaps of the people $4.</summary>
    public SqlValue[] Values => People is null ? [Workspace, FromTime, ToTime] : [Workspace, FromTime, ToTime, People];

    /// <summary>A condition that a fact is of those people, behind others; nothing where it is about everybody.</summary>
    public string AndOfPeople(string person) => People is null ? "" : $"and {person} = any($4)";

    /// <summary>Reads facts row by row, for as long as it takes.</summary>
    /// <param name="sql">The statement over <see cref="Values"/>.</param>
    /// <param name="each">Counts a row.</param>
    /// <param name="give">Hands out what was counted, now and then and at the end, so that a bounded part is held at once.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task EachAsync(string sql, Action<NpgsqlDataReader> each, Func<Task> give, CancellationToken cancel)
    {
        var done = 0L;
        await using (var command = Reading.Command(sql, Values))
        {
            command.CommandTimeout = 0;
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
            {
                each(row);
                if (++done % FactsAtOnce != 0)
                    continue;
                Progress?.Report(done);
                await give();
            }
        }

        await give();
        Progress?.Report(done);
    }
}
