using System.Collections.Concurrent;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.People;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Query.Raw;

/// <summary>A question in terms of raw rows: which rows, what is read of them, and how warily.</summary>
sealed class RawQuestion
{
    const string PeopleSql = "select version, people from workspace_seq where workspace_id = $1";

    // Fields of which it turned out that they hold more than what is read fastest.
    readonly ConcurrentDictionary<string, bool> mixed = new();
    readonly Dictionary<FieldFilter, int[]> matching = [];
    int[]? people;
    int[]? types;
    volatile bool takesNumbersOnly;

    RawQuestion(AskedQuery query, int workspace)
    {
        (Query, Workspace) = (query, workspace);
        takesNumbersOnly = query.Metrics.Any(
            metric => metric.OfNumbers && RawTable.FieldOf(query.Dataset, metric.Field!) is RawField.OfJson);
    }

    public AskedQuery Query { get; }

    public int Workspace { get; }

    public LinkedPeople Linked { get; private set; } = null!;

    /// <summary>Whether no row can be one that is asked for.</summary>
    public bool IsOfNothing => people is [] || types is [];

    /// <summary>Resolves what the question says by texts.</summary>
    public static async Task<RawQuestion> OfAsync(
        NpgsqlDataSource store, NpgsqlConnection connection, Workspace workspace, AskedQuery query, CancellationToken cancel)
    {
        var question = new RawQuestion(query, workspace.Key)
        {
            people = await PeopleLookup.VisibleAsync(connection, workspace.Key, query.Customer, cancel),
        };
        if (query.Names is not [])
            question.types = await TypeNames.NumbersAsync(connection, workspace.Key, query.Names, cancel);
        var texts = new RawTexts(connection, workspace);
        foreach (var filter in query.Filters)
            if (RawTable.FieldOf(query.Dataset, filter.Path) is RawField.OfCode { Code: var code })
                question.matching.Add(filter, await texts.MatchingAsync(code, filter, cancel));
        var now = await connection.FirstAsync(PeopleSql, [workspace.Key], row => (row.GetInt32(0), row.GetInt32(1)), cancel);
        question.Linked = await LinkedPeople.ReadAsync(store, connection, workspace.Key, now, cancel);
        return question;
    }

    /// <summary>The first instant of a time from which on until its end there are no facts.</summary>
    public async Task<DateTimeOffset> EmptyFromAsync(
        NpgsqlConnection connection, DateTimeOffset from, DateTimeOffset end, CancellationToken cancel)
    {
        var sql = $"""
            select timestamp
            from {RawTable.NameOf(Query.Dataset)}
            where workspace_id = $1
              and timestamp >= $2
              and timestamp < $3
            order by timestamp desc
            limit 1
            """;
        await connection.ExecuteAsync(RawSnapshot.InOrder, [], cancel);
        var last = await connection.QueryAsync(
            sql, [Workspace, from.UtcDateTime, end.UtcDateTime], row => new DateTimeOffset(row.GetDateTime(0)), cancel);
        await connection.ExecuteAsync(RawSnapshot.ByPages, [], cancel);
        return last is [var found] ? found.AddMicroseconds(1) : from;
    }

    /// <summary>Whether fields that are added up are read as if they held nothing else: a statement fails where one does.</summary>
    public bool TakesNumbersOnly => takesNumbersOnly;

    /// <summary>Notes that one does.</summary>
    public void FoundOtherThanNumbers() => takesNumbersOnly = false;

    /// <summary>Whether a field's values have to be told apart by type, or its numbers looked at one by one.</summary>
    public bool IsMixed(string field) => mixed.ContainsKey(field);

    /// <summary>Notes that they have to.</summary>
    public void FoundMixed(string field) => mixed.TryAdd(field, true);

    /// <summary>What holds of a row that is asked for, whatever its time.</summary>
    public IEnumerable<string> Conditions(SqlValues values)
    {
        if (people is not null)
            yield return $"e.person = any({values.Add(people)})";
        if (types is not null)
            yield return $"e.type = any({values.Add(types)})";
        foreach (var filter in Query.Filters)
            yield return RawTable.FieldOf(Query.Dataset, filter.Path) switch
            {
                RawField.OfJson json => FilterCondition.OfJson(filter, json.Json, json.Text, values),
                RawField.OfNumber number => FilterCondition.OfNumber(filter, number.Sql, values),
                RawField.OfText text => FilterCondition.OfText(filter, text.Sql, values),
                RawField.OfCode code => FilterCondition.OfNumbers(filter, code.Column, matching[filter], values),
                _ => throw new InvalidOperationException(),
            };
    }
}
