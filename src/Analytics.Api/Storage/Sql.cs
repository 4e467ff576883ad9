using Npgsql;
using NpgsqlTypes;

namespace Analytics.Storage;

/// <summary>A typed value for a statement: the array of them stands for <c>$1</c>, <c>$2</c> and so on.</summary>
readonly struct SqlValue
{
    readonly NpgsqlParameter parameter;

    SqlValue(NpgsqlParameter parameter) => this.parameter = parameter;

    internal NpgsqlParameter Parameter => parameter;

    /// <summary>For what has no conversion of its own, and for what may be null: the type is known all the same.</summary>
    public static SqlValue Of<T>(T value) => new(new NpgsqlParameter<T> { TypedValue = value });

    /// <summary>A jsonb; null for none.</summary>
    public static SqlValue Json(string? json) => new(new NpgsqlParameter<string?> { TypedValue = json, NpgsqlDbType = NpgsqlDbType.Jsonb });

    /// <summary>For arrays some of whose members may be null.</summary>
    public static SqlValue Column(Array values, NpgsqlDbType type) =>
        new(new NpgsqlParameter { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });

    public static implicit operator SqlValue(bool value) => Of(value);
    public static implicit operator SqlValue(short value) => Of(value);
    public static implicit operator SqlValue(int value) => Of(value);
    public static implicit operator SqlValue(long value) => Of(value);
    public static implicit operator SqlValue(string value) => Of(value);
    public static implicit operator SqlValue(Guid value) => Of(value);
    public static implicit operator SqlValue(DateTime value) => Of(value);
    public static implicit operator SqlValue(byte[] value) => Of(value);
    public static implicit operator SqlValue(short[] value) => Of(value);
    public static implicit operator SqlValue(int[] value) => Of(value);
    public static implicit operator SqlValue(long[] value) => Of(value);
    public static implicit operator SqlValue(string[] value) => Of(value);
    public static implicit operator SqlValue(Guid[] value) => Of(value);
    public static implicit operator SqlValue(DateTime[] value) => Of(value);
}

/// <summary>The values of a statement that is put together: adding one gives the place that stands for it.</summary>
sealed class SqlValues
{
    readonly List<SqlValue> values = [];

    /// <summary>Adds a value; gives <c>$1</c>, <c>$2</c> and so on.</summary>
    public string Add<T>(T value)
    {
        values.Add(SqlValue.Of(value));
        return $"${values.Count}";
    }

    public static implicit operator SqlValue[](SqlValues values) => [.. values.values];
}

/// <summary>The one way to talk to Postgres: a statement, its values, what to do with each row.</summary>
static class Sql
{
    /// <summary>A statement of a batch.</summary>
    public static NpgsqlBatchCommand Statement(string sql, SqlValue[] values)
    {
        var statement = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            statement.Parameters.Add(value.Parameter);
        return statement;
    }

    extension(NpgsqlConnection connection)
    {
        /// <summary>How many rows were changed.</summary>
        public Task<int> ExecuteAsync(string sql, SqlValue[] values, CancellationToken cancel) =>
            connection.Command(sql, values).ExecuteAsync(cancel);

        /// <summary>The same without an end to the time it may take: for work on many rows that nobody waits for.</summary>
        public Task<int> ExecuteForAsLongAsItTakesAsync(string sql, SqlValue[] values, CancellationToken cancel) =>
            connection.Command(sql, values).ForAsLongAsItTakes().ExecuteAsync(cancel);

        /// <summary>The first column of the first row; the default when there is no row or nothing in it.</summary>
        public Task<T?> ScalarAsync<T>(string sql, SqlValue[] values, CancellationToken cancel) =>
            connection.Command(sql, values).ScalarAsync<T>(cancel);

        /// <summary>Every row as it comes; the reader is good for this row only.</summary>
        public Task EachAsync(string sql, SqlValue[] values, Action<NpgsqlDataReader> each, CancellationToken cancel) =>
            connection.Command(sql, values).EachAsync(each, cancel);

        /// <summary>The same without an end to the time it may take: for work on many rows that nobody waits for.</summary>
        public Task EachForAsLongAsItTakesAsync(string sql, SqlValue[] values, Action<NpgsqlDataReader> each, CancellationToken cancel) =>
            connection.Command(sql, values).ForAsLongAsItTakes().EachAsync(each, cancel);

        /// <summary>Several statements in one round trip, and what to do with every row of each.</summary>
        public async Task EachAsync(
            IReadOnlyList<(string Sql, SqlValue[] Values, Action<NpgsqlDataReader> Each)> statements, CancellationToken cancel)
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var (sql, values, _) in statements)
                batch.BatchCommands.Add(Statement(sql, values));
            await using var row = await batch.ExecuteReaderAsync(cancel);
            foreach (var (_, _, each) in statements)
            {
                while (await row.ReadAsync(cancel))
                    each(row);
                await row.NextResultAsync(cancel);
            }
        }

        public Task<List<T>> QueryAsync<T>(string sql, SqlValue[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancel) =>
            connection.Command(sql, values).QueryAsync(read, cancel);

        /// <summary>The only row, or the first one; the default when there is none.</summary>
        public Task<T?> FirstAsync<T>(string sql, SqlValue[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancel) =>
            connection.Command(sql, values).FirstAsync(read, cancel);

        /// <summary>For reading that waits or ends on the way.</summary>
        public NpgsqlCommand Command(string sql, SqlValue[] values) => new NpgsqlCommand(sql, connection).With(values);
    }

    // The same on a connection that is taken for one statement.
    extension(NpgsqlDataSource store)
    {
        public Task<int> ExecuteAsync(string sql, SqlValue[] values, CancellationToken cancel) =>
            store.Command(sql, values).ExecuteAsync(cancel);

        public Task<T?> ScalarAsync<T>(string sql, SqlValue[] values, CancellationToken cancel) =>
            store.Command(sql, values).ScalarAsync<T>(cancel);

        public Task EachAsync(string sql, SqlValue[] values, Action<NpgsqlDataReader> each, CancellationToken cancel) =>
            store.Command(sql, values).EachAsync(each, cancel);

        public Task<List<T>> QueryAsync<T>(string sql, SqlValue[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancel) =>
            store.Command(sql, values).QueryAsync(read, cancel);

        public Task<T?> FirstAsync<T>(string sql, SqlValue[] values, Func<NpgsqlDataReader, T> read, CancellationToken cancel) =>
            store.Command(sql, values).FirstAsync(read, cancel);

        NpgsqlCommand Command(string sql, SqlValue[] values) => store.CreateCommand(sql).With(values);
    }

    /// <summary>Microseconds since 1970, the grain of all timestamps.</summary>
    public static long Microseconds(this NpgsqlDataReader row, int column) =>
        (row.GetDateTime(column).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>An array of whole numbers; null where there is none.</summary>
    public static int[]? Numbers(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<int[]>(column);

    /// <summary>A time in microseconds since 1970 as Postgres takes it; the lowest and the highest are its infinities.</summary>
    public static DateTime TimeOf(long microseconds) => microseconds switch
    {
        long.MinValue => DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
        long.MaxValue => DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
        _ => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond),
    };

    /// <summary>Empty where there is nothing.</summary>
    public static byte[] Bytes(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<byte[]>(column);

    // Running a command uses it up.
    extension(NpgsqlCommand command)
    {
        NpgsqlCommand With(SqlValue[] values)
        {
            foreach (var value in values)
                command.Parameters.Add(value.Parameter);
            return command;
        }

        NpgsqlCommand ForAsLongAsItTakes()
        {
            command.CommandTimeout = 0;
            return command;
        }

        async Task<int> ExecuteAsync(CancellationToken cancel)
        {
            await using (command)
                return await command.ExecuteNonQueryAsync(cancel);
        }

        async Task<T?> ScalarAsync<T>(CancellationToken cancel)
        {
            await using (command)
                return await command.ExecuteScalarAsync(cancel) is T value ? value : default;
        }

        async Task EachAsync(Action<NpgsqlDataReader> each, CancellationToken cancel)
        {
            await using (command)
            await using (var row = await command.ExecuteReaderAsync(cancel))
                while (await row.ReadAsync(cancel))
                    each(row);
        }

        async Task<List<T>> QueryAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken cancel)
        {
            var rows = new List<T>();
            await command.EachAsync(row => rows.Add(read(row)), cancel);
            return rows;
        }

        async Task<T?> FirstAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken cancel)
        {
            await using (command)
            await using (var row = await command.ExecuteReaderAsync(cancel))
                return await row.ReadAsync(cancel) ? read(row) : default;
        }
    }
}
