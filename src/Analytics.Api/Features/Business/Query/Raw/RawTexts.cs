using System.Text.Json;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>What codes of raw rows stand for, and the other way round.</summary>
sealed class RawTexts(NpgsqlConnection connection, Workspace workspace)
{
    const string AllTextsSql = "select number, text from request_texts where workspace_id = $1 and kind = $2";

    // Whoever is registered is called by the product's id, where there is one, else by ours.
    const string PeopleContainingSql = """
        select person
        from people known
        left join customers customer on customer.workspace_id = $1 and customer.id = known.customer_id
        where known.workspace_id = $1
          and strpos(coalesce(known.external_id, customer.external_id, known.customer_id::text) collate "C", $2) > 0
        """;

    readonly DimensionTexts dimensions = new(connection, workspace);
    readonly RequestTexts requests = new(connection, workspace);

    /// <summary>What some codes stand for.</summary>
    public Task<Dictionary<int, string>> OfAsync(RawCode code, IEnumerable<int> numbers, CancellationToken cancel) => code switch
    {
        RawCode.EventType => dimensions.OfAsync(Dimension.EventType, numbers, cancel),
        RawCode.Person => dimensions.OfAsync(Dimension.Person, numbers, cancel),
        _ => requests.OfAsync(KindOf(code), numbers, cancel),
    };

    /// <summary>The codes whose text passes a filter; of a negated one those whose text does not.</summary>
    public async Task<int[]> MatchingAsync(RawCode code, FieldFilter filter, CancellationToken cancel)
    {
        // Numbers are never texts, nor more or less than one.
        if (filter.Comparison is FilterOperator.GreaterThan or FilterOperator.LessThan)
            return [];
        var texts = code switch
        {
            RawCode.EventType => await TypeNames.AllAsync(connection, workspace.Key, cancel),
            RawCode.Person => await OfAsync(code, await PeopleAsync(filter, cancel), cancel),
            _ => await AllTextsAsync(KindOf(code), cancel),
        };
        return
        [
            .. from text in texts
               where filter.Passes(JsonSerializer.SerializeToUtf8Bytes(text.Value)) != filter.IsNegated
               select text.Key,
        ];
    }

    async Task<Dictionary<int, string>> AllTextsAsync(RequestText kind, CancellationToken cancel)
    {
        var texts = new Dictionary<int, string>();
        if (kind == RequestText.Endpoint)
            texts.Add(RequestFacts.OtherEndpoint, RequestTexts.Other);
        await connection.EachAsync(
            AllTextsSql, [workspace.Key, (short)kind], row => texts[row.GetInt32(0)] = row.GetString(1), cancel);
        return texts;
    }

    /// <summary>People who may be called by what the filter compares with.</summary>
    async Task<IEnumerable<int>> PeopleAsync(FieldFilter filter, CancellationToken cancel)
    {
        if (filter.Comparison is FilterOperator.Contains or FilterOperator.NotContains)
            return await connection.QueryAsync(PeopleContainingSql, [workspace.Key, filter.Texts![0]], row => row.GetInt32(0), cancel);
        string[] names = [.. filter.Values.Where(value => value[0] == '"').Select(value => JsonSerializer.Deserialize<string>(value)!)];
        return await requests.PeopleAsync(names, cancel) ?? [];
    }

    static RequestText KindOf(RawCode code) => code switch
    {
        RawCode.Endpoint => RequestText.Endpoint,
        RawCode.Product => RequestText.Product,
        _ => RequestText.ApiKey,
    };
}
