using System.Text;
using System.Text.Json;
using Analytics.Features.Business.Query;
using Analytics.Http;
using Analytics.Reading;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Alerts;

/// <summary>Reads API requests for alerts.</summary>
sealed class RequestSource(Workspace workspace, IReadOnlyList<string> fields) : FactSource(workspace, fields)
{
    static readonly string RangeSql = PageSql("requests", RequestRow.Columns.Replace("r.", "f.", StringComparison.Ordinal));
    static readonly string ByIdSql = SomeSql("requests", RequestRow.Columns.Replace("r.", "f.", StringComparison.Ordinal));

    readonly Dictionary<(RequestText Kind, int Number), byte[]> texts = [];
    readonly FactCustomers customers = new(workspace.Key);

    protected override async Task<FactPage> PageAsync(
        NpgsqlConnection connection, DateTime from, DateTime to, Guid after, Action<SourcedFact> each, CancellationToken cancel)
    {
        var rows = await ReadAsync(connection, RangeSql, [Workspace.Key, from, to, after], each, cancel);
        return rows.Count == 0 ? default : new(rows.Count, rows[^1].Place.Timestamp, rows[^1].Place.Id);
    }

    protected override Task SomeAsync(
        NpgsqlConnection connection, DateTime[] times, Guid[] ids, Action<SourcedFact> each, CancellationToken cancel) =>
        ReadAsync(connection, ByIdSql, [Workspace.Key, times, ids, times.Min(), times.Max()], each, cancel);

    async Task<List<RequestRow>> ReadAsync(
        NpgsqlConnection connection, string sql, SqlValue[] values, Action<SourcedFact> each, CancellationToken cancel)
    {
        var rows = await connection.QueryAsync(sql, values, RequestRow.Read, cancel);
        await LearnAsync(connection, RequestText.Endpoint, rows.Select(row => row.Endpoint), cancel);
        await LearnAsync(connection, RequestText.Product, rows.Select(row => row.Product), cancel);
        await LearnAsync(connection, RequestText.ApiKey, rows.Select(row => row.ApiKey), cancel);
        await customers.LearnAsync(connection, rows.Select(row => row.Person), cancel);
        foreach (var row in rows)
        {
            (Fact.Time, Fact.Id) = (Storage.EventId.TimestampOf(row.Place.Id)!.Value, row.Place.Id);
            Fact.Owner = customers.Of(row.Person).Called;
            for (var at = 0; at < Wanted.Count; at++)
                Fact.Fields[at] = FieldOf(row, Wanted[at]);
            each(Fact);
        }

        return rows;
    }

    async Task LearnAsync(NpgsqlConnection connection, RequestText kind, IEnumerable<int> numbers, CancellationToken cancel)
    {
        texts.TryAdd((kind, 0), []);
        int[] wanted = [.. numbers.Distinct().Where(number => !texts.ContainsKey((kind, number)))];
        if (wanted.Length == 0)
            return;
        foreach (var (number, text) in await new RequestTexts(connection, Workspace).OfAsync(kind, wanted, cancel))
            texts[(kind, number)] = text.Length == 0 ? [] : JsonSerializer.SerializeToUtf8Bytes(text);
        foreach (var number in wanted)
            texts.TryAdd((kind, number), []);
    }

    // What only informs has neither latency nor sizes.
    ReadOnlyMemory<byte> FieldOf(RequestRow row, string field) => field switch
    {
        QueryFields.Endpoint => texts[(RequestText.Endpoint, row.Endpoint)],
        QueryFields.Method => JsonSerializer.SerializeToUtf8Bytes(row.Method),
        QueryFields.StatusCode => JsonSerializer.SerializeToUtf8Bytes(row.Status),
        QueryFields.Customer => customers.Of(row.Person).Json,
        QueryFields.Product => texts[(RequestText.Product, row.Product)],
        QueryFields.ApiKey => texts[(RequestText.ApiKey, row.ApiKey)],
        _ when RequestFacts.IsInformational(row.Status) => default,
        QueryFields.Latency => Encoding.ASCII.GetBytes(DecimalUnits.Format(ExactNumber.Milliseconds(row.Latency).Units)),
        QueryFields.RequestSize => JsonSerializer.SerializeToUtf8Bytes(row.RequestSize),
        QueryFields.ResponseSize => JsonSerializer.SerializeToUtf8Bytes(row.ResponseSize),
        _ => default,
    };
}
