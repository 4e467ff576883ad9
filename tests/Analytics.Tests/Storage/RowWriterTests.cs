using System.Text;
using Analytics.Storage;
using Npgsql;

namespace Analytics.Tests.Storage;

/// <summary>Rows by COPY and rows by insert are the same rows.</summary>
public sealed class RowWriterTests(AnalyticsApi api)
{
    const string Table = "rows (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_type_arrives_as_it_was_given_and_none_where_there_is_none(bool areFew)
    {
        await using var connection = await api.Store.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            create temp table rows (
                a boolean, b smallint, c int, d int, e int, f bigint, g bigint, h timestamptz, i uuid, j uuid, k bytea, l text, m text, n text,
                o jsonb)
            """, [], default);
        var id = Guid.Parse("0197c2a1-7c44-7abc-8def-0123456789ab");
        RowWriter rows = areFew ? new InsertRows(Table) : new CopyBuffer();
        Add(rows, id, 7, "Grüße \"🚀\"", """{"n": 0.000000000001, "s": "\u00fc"}""");
        Add(rows, id, 0, "", "");
        Assert.Equal(2, rows.Rows);
        await SendAsync(connection, rows);
        Assert.Equal(0, rows.Rows);

        Assert.Equal(
        [
            $"(t,-3,2147483647,7,7,-9007199254740993,7,\"2026-11-30 12:00:00.000001+00\",{id},{id},\"\\\\x00ff\",,\"Grüße \"\"🚀\"\"\","
                + "\"Grüße \"\"🚀\"\"\",\"{\"\"n\"\": 0.000000000001, \"\"s\"\": \"\"ü\"\"}\")",
            $"(t,-3,2147483647,,,-9007199254740993,,\"2026-11-30 12:00:00.000001+00\",{id},,\"\\\\x00ff\",,\"\",,)",
        ], await connection.QueryAsync(
            "select (a, b, c, d, e, f, g, h at time zone 'UTC' || '+00', i, j, k, null, m, n, o)::text from rows order by d nulls last", [],
            row => row.GetString(0), default));
    }

    static void Add(RowWriter rows, Guid id, int number, string text, string json)
    {
        rows.StartRow(15);
        rows.Boolean(true);
        rows.Int16(-3);
        rows.Int32(int.MaxValue);
        rows.Int32OrNull(number == 0 ? null : number);
        rows.NumberOrNull(number);
        rows.Int64(-9_007_199_254_740_993);
        rows.Int64OrNull(number == 0 ? null : number);
        rows.Timestamp((new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000) + 1);
        rows.Uuid(id);
        rows.UuidOrNull(number == 0 ? null : id);
        rows.Bytes([0, 255]);
        rows.TextOrNull([]);
        rows.Text(Encoding.UTF8.GetBytes(text));
        rows.TextOrNull(Encoding.UTF8.GetBytes(text));
        rows.JsonOrNull(Encoding.UTF8.GetBytes(json));
    }

    static async Task SendAsync(NpgsqlConnection connection, RowWriter rows)
    {
        if (rows is CopyBuffer copy)
        {
            await copy.SendAsync(connection, $"copy {Table} from stdin (format binary)", default);
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        ((InsertRows)rows).AddTo(batch);
        await batch.ExecuteNonQueryAsync();
    }
}
