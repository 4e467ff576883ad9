using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>How a writer stores the facts of one kind. It has buffers of its own, for one transaction at a time.</summary>
/// <param name="kind">Which kind.</param>
/// <param name="table">Their table and its columns, in the order in which <see cref="Rows"/> take them.</param>
abstract class KindWriter(FactKind kind, string table)
{
    // Three rows are written sooner as inserts, five as well by COPY, its two round trips included, and eight sooner.
    const int FewRows = 4;

    readonly string copySql = $"copy {table} from stdin (format binary)";

    readonly CopyBuffer many = new();
    readonly InsertRows few = new(table);

    public FactKind Kind => kind;

    /// <summary>The rows of the transaction.</summary>
    public RowWriter Rows { get; private set; } = null!;

    /// <summary>Begins a transaction with so many facts of its kind.</summary>
    public void Start(int facts)
    {
        many.Clear();
        few.Clear();
        Rows = facts > FewRows ? many : few;
    }

    /// <summary>Puts the rows into the batch that commits, if they are few.</summary>
    public void SaveFew(NpgsqlBatch last) => few.AddTo(last);

    /// <summary>Sends the rows, if they are many.</summary>
    public Task SendManyAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        many.SendAsync(connection, copySql, cancel);

    /// <summary>Learns what it has to know before it takes facts.</summary>
    public virtual ValueTask OpenAsync(CancellationToken cancel) => ValueTask.CompletedTask;

    public abstract NewFact New(WriteRequest request, IncomingFact fact);

    /// <summary>Begins to store a workspace's new facts.</summary>
    public abstract KindWrite Begin(Workspace workspace, IReadOnlyList<NewFact> facts);
}

/// <summary>A workspace's new facts of one kind in one transaction.</summary>
abstract class KindWrite
{
    /// <summary>Statements that are asked in the round trip that takes the lock, and begin after it.</summary>
    public virtual IEnumerable<NpgsqlBatchCommand> Questions() => [];

    /// <summary>Reads the answers, which follow the reader's present result.</summary>
    public virtual Task ReadAsync(NpgsqlDataReader answers, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Under the lock: gives the facts their numbers, links them with what is stored, and adds their rows.</summary>
    public abstract Task LinkAsync(WorkspaceWrite write, CancellationToken cancel);

    /// <summary>While Postgres takes the rows: what the facts count for. Statements go to the batch that commits.</summary>
    public abstract IEnumerable<PackedDelta> Finish(WorkspaceWrite write);

    /// <summary>As the primary key has them: so its index is filled from page to page.</summary>
    protected static IEnumerable<T> InOrderOfTime<T>(List<T> facts)
        where T : NewFact => facts.OrderBy(fact => fact.Fact.Timestamp);
}

/// <summary>What a transaction does in one workspace.</summary>
/// <param name="workspace">Which one.</param>
/// <param name="connection">The transaction's.</param>
/// <param name="names">The numbers the writer remembers.</param>
/// <param name="last">The batch that commits.</param>
/// <param name="now">When the facts are taken to have come.</param>
sealed class WorkspaceWrite(Workspace workspace, NpgsqlConnection connection, WorkspaceNames names, NpgsqlBatch last, DateTime now)
{
    public Workspace Workspace => workspace;
    public NpgsqlConnection Connection => connection;
    public WorkspaceNames Names => names;
    public DateTime Now => now;

    /// <summary>Known from when the lock is held.</summary>
    public WorkspaceCounters Counters { get; set; } = null!;

    /// <summary>The kinds of facts it has, in the order they are stored.</summary>
    public required IReadOnlyList<KindWrite> Kinds { get; init; }

    /// <summary>Adds a statement to the batch that commits.</summary>
    public void Save(NpgsqlBatchCommand statement) => last.BatchCommands.Add(statement);
}
