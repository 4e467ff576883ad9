using System.Text;
using Npgsql;

namespace Analytics.Storage;

/// <summary>
/// Rows that go with a batch that is sent anyway, each an insert of its own. A COPY takes two round trips for itself: for a few rows
/// that is most of what they cost.
/// </summary>
/// <param name="into">The table and its columns, as they stand behind <c>insert into</c>.</param>
sealed class InsertRows(string into) : RowWriter
{
    readonly List<List<SqlValue>> rows = [];
    string? sql;

    /// <summary>Hands the rows to a batch, and forgets them.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        foreach (var row in rows)
            batch.BatchCommands.Add(Sql.Statement(sql ??= Insert(row.Count), [.. row]));
        Clear();
    }

    public override void Clear()
    {
        rows.Clear();
        Rows = 0;
    }

    public override void StartRow(short columns)
    {
        rows.Add(new List<SqlValue>(columns));
        Rows++;
    }

    public override void Boolean(bool value) => Add(value);

    public override void Int16(short value) => Add(value);

    public override void Int32(int value) => Add(value);

    public override void Int32OrNull(int? value) => Add(SqlValue.Of(value));

    public override void Int64(long value) => Add(value);

    public override void Int64OrNull(long? value) => Add(SqlValue.Of(value));

    public override void Timestamp(long microseconds) => Add(Sql.TimeOf(microseconds));

    public override void Uuid(Guid value) => Add(value);

    public override void UuidOrNull(Guid? value) => Add(SqlValue.Of(value));

    public override void Bytes(ReadOnlySpan<byte> value) => Add(value.ToArray());

    public override void Text(ReadOnlySpan<byte> utf8) => Add(Encoding.UTF8.GetString(utf8));

    public override void TextOrNull(ReadOnlySpan<byte> utf8) =>
        Add(SqlValue.Of(utf8.IsEmpty ? null : Encoding.UTF8.GetString(utf8)));

    public override void JsonOrNull(ReadOnlySpan<byte> json) =>
        Add(SqlValue.Json(json.IsEmpty ? null : Encoding.UTF8.GetString(json)));

    string Insert(int columns) => $"insert into {into} values ({string.Join(", ", Enumerable.Range(1, columns).Select(at => $"${at}"))})";

    void Add(SqlValue value) => rows[^1].Add(value);
}
