using Analytics.Storage;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>What the raw rows of a piece of time come to: groups, and the values that are told apart in them.</summary>
sealed class RawSlice
{
    /// <summary>The facts of a bucket and the same values, and what their fields come to.</summary>
    public sealed record Group(int Bucket, string?[] Keys, long Facts, FieldPart[] Fields);

    /// <summary>A value that a field has in such facts.</summary>
    public sealed record Member(int Bucket, string?[] Keys, int Field, string Value);

    readonly RawQuestion question;
    readonly RawBounds most;
    readonly IReadOnlyList<Bucket> buckets;
    readonly DateTimeOffset from;
    readonly DateTimeOffset to;
    readonly int firstBucket;
    readonly DateTime[] starts;
    long characters;

    RawSlice(RawQuestion question, IReadOnlyList<Bucket> buckets, RawBounds most, DateTimeOffset from, DateTimeOffset to)
    {
        (this.question, this.buckets, this.most, this.from, this.to) = (question, buckets, most, from, to);
        firstBucket = Buckets.IndexOf(buckets, from);
        var later = buckets.Skip(firstBucket + 1).Select(bucket => bucket.From).TakeWhile(start => start < to);
        starts = [.. later.Select(start => start.UtcDateTime)];
    }

    public List<Group> Groups { get; } = [];

    public List<Member> Members { get; } = [];

    /// <summary>Reads a piece of the time that the buckets tile.</summary>
    public static async Task<RawSlice> ReadAsync(
        RawSnapshot snapshot, RawQuestion question, IReadOnlyList<Bucket> buckets, RawBounds most, DateTimeOffset from,
        DateTimeOffset to, CancellationToken cancel)
    {
        while (true)
        {
            // What was found of fields stays so: a slice is read again a few times at most, and hardly any is.
            var slice = new RawSlice(question, buckets, most, from, to);
            var isRead = question.TakesNumbersOnly
                ? await snapshot.TryAsync(() => slice.TryReadAsync(snapshot.Connection, cancel), question.FoundOtherThanNumbers, cancel)
                : await slice.TryReadAsync(snapshot.Connection, cancel);
            if (isRead)
                return slice;
        }
    }

    async Task<bool> TryReadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (!await TryReadGroupsAsync(connection, cancel))
            return false;
        foreach (var (at, field) in question.Query.Fields.Index())
            if (question.Query.Metrics.Any(metric => metric.Kind == MetricKind.Unique && metric.Field == field)
                && !await TryReadMembersAsync(connection, at, field, cancel))
                return false;
        return true;
    }

    async Task<bool> TryReadGroupsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var statement = new Grouped(this);
        var facts = statement.Columns.Sum("count(*)");
        var fields = question.Query.Fields.Select(field => new RawTotals(question, statement.Columns, field)).ToArray();
        return await statement.TryEachAsync(connection, [], row =>
        {
            var group = new Group(statement.BucketOf(row), statement.Keys, row.GetInt64(facts), [.. fields.Select(_ => new FieldPart())]);
            for (var at = 0; at < fields.Length; at++)
                if (!fields[at].TryRead(row, group.Fields[at]))
                    return false;
            if (group.Facts > 0)
                Add(group);
            return true;
        }, cancel);
    }

    async Task<bool> TryReadMembersAsync(NpgsqlConnection connection, int at, string field, CancellationToken cancel)
    {
        var statement = new Grouped(this);
        var values = new RawKeys(question, statement.Columns, field);
        return await statement.TryEachAsync(connection, [values.Group], row =>
        {
            if (!values.TryRead(row, out var value))
                return false;
            if (value is not null)
                Add(new Member(statement.BucketOf(row), statement.Keys, at, value));
            return true;
        }, cancel);
    }

    void Add(Group group)
    {
        Groups.Add(group);
        Check(group.Keys.Sum(key => key?.Length ?? 0));
    }

    void Add(Member member)
    {
        Members.Add(member);
        Check(member.Value.Length);
    }

    // Before it is all here: what is too much for the question is too much for a slice of it.
    void Check(int length)
    {
        characters += length;
        most.Check(Groups.Count, Members.Count, characters);
    }

    /// <summary>A statement whose rows are told apart by bucket and dimensions.</summary>
    sealed class Grouped
    {
        readonly RawSlice slice;
        readonly SqlValues values = new();

        // The first of the values, for fields that are looked up.
        readonly string workspace;
        readonly RawKeys[] dimensions;
        readonly List<string> groups = [];
        readonly int bucket = -1;

        public Grouped(RawSlice slice)
        {
            this.slice = slice;
            workspace = values.Add(slice.question.Workspace);
            if (slice.starts.Length > 0)
            {
                groups.Add(Columns.Value(Columns.Read($"width_bucket(e.timestamp, {values.Add(slice.starts)})")));
                bucket = Columns.Sum(groups[0]);
            }

            dimensions = [.. slice.question.Query.Dimensions.Select(name => new RawKeys(slice.question, Columns, name))];
            groups.AddRange(dimensions.Select(dimension => dimension.Group));
        }

        public RawColumns Columns { get; } = new();

        /// <summary>The values of the dimensions, of the row that was read last.</summary>
        public string?[] Keys { get; private set; } = [];

        public int BucketOf(NpgsqlDataReader row) => slice.firstBucket + (bucket < 0 ? 0 : row.GetInt32(bucket));

        /// <summary>Reads every row, told apart further by some values, until one shows that a field is mixed.</summary>
        public async Task<bool> TryEachAsync(
            NpgsqlConnection connection, IEnumerable<string> further, Func<NpgsqlDataReader, bool> each, CancellationToken cancel)
        {
            string[] conditions =
            [
                $"e.workspace_id = {workspace}",
                $"e.timestamp >= {values.Add(slice.from.UtcDateTime)}",
                $"e.timestamp < {values.Add(slice.to.UtcDateTime)}",
                .. slice.question.Conditions(values),
            ];
            var sql = Columns.Statement(RawTable.NameOf(slice.question.Query.Dataset), conditions, [.. groups.Concat(further).Distinct()]);
            await using var command = connection.Command(sql, values);
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
                if (!TryReadKeys(row) || !each(row))
                    return false;
            return true;
        }

        bool TryReadKeys(NpgsqlDataReader row)
        {
            Keys = dimensions.Length == 0 ? [] : new string?[dimensions.Length];
            for (var at = 0; at < dimensions.Length; at++)
                if (!dimensions[at].TryRead(row, out Keys[at]))
                    return false;
            return true;
        }
    }
}
