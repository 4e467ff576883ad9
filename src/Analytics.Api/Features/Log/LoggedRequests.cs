using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Analytics.Storage.Requests;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;

namespace Analytics.Features.Log;

/// <summary>API requests as records of the log.</summary>
sealed class LoggedRequests : ScannedSource
{
    const string TextsLikeSql = """
        select number
        from request_texts
        where workspace_id = $1
          and kind = $2
          and text ilike any($3)
        """;

    // Whoever is registered is called by the product's id, where there is one, else by ours.
    const string PeopleLikeSql = """
        select person
        from people known
        left join customers customer on customer.workspace_id = $1 and customer.id = known.customer_id
        where known.workspace_id = $1
          and coalesce(known.external_id, customer.external_id, known.customer_id::text) ilike any($2)
        """;

    // A UUID is stored as a zero and its bytes.
    const string RequestIdSql = """
        case
            when length(e.request_id) = 17 and get_byte(e.request_id, 0) = 0 then encode(substr(e.request_id, 2), 'hex')::uuid::text
            when length(e.request_id) > 0 then convert_from(e.request_id, 'UTF8')
        end
        """;

    const string AddressSql = """
        case length(e.address)
            when 3 then concat_ws('.', get_byte(e.address, 0), get_byte(e.address, 1), get_byte(e.address, 2), 0)
            when 6 then host(
                (regexp_replace(encode(e.address, 'hex'), '(.{4})(?=.)', '\1:', 'g') || '::')::inet)
        end
        """;

    readonly LogFilter filter;
    readonly int[]? visible;
    readonly Dictionary<RequestText, int[]> textsLike = [];
    int[]? actors;
    int[]? endpoints;
    int[] peopleLike = [];

    LoggedRequests(BoundedRead read, Workspace workspace, LogFilter filter, int[]? visible, DateTime from, FactPlace before)
        : base(read, workspace, from, before, "requests") => (this.filter, this.visible) = (filter, visible);

    /// <summary>Null when no request can be among those that are asked for.</summary>
    public static async Task<LoggedRequests?> OfAsync(
        BoundedRead read, Workspace workspace, LogFilter filter, int[]? visible, DateTime from, FactPlace before)
    {
        var requests = new LoggedRequests(read, workspace, filter, visible, from, before);
        if (visible is [] || !MayPass(filter) || !await requests.ResolveAsync())
            return null;
        if (filter.Least > LogSeverity.Info)
        {
            var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, [RequestRollups.Requests]);
            requests.Rare = await RareMinutes.OfAsync(
                snapshot, RequestRollups.Requests, status => LoggedRequest.SeverityOf(status) >= filter.Least, from, before.Timestamp,
                read.Cancel);
        }

        return requests;
    }

    public override async Task<IEnumerable<LogRecord>> ReadAsync(IReadOnlyList<FactPlace> places) =>
        (await new StoredRequests(Read.Connection, Workspace).AtAsync(places, Read.Cancel))
            .Select(request => LoggedRequest.Of(request, Workspace));

    protected override string? Condition(SqlValues values)
    {
        var conditions = new List<string>();
        if (visible is not null)
            conditions.Add($"e.person = any({values.Add(visible)})");
        if (filter.Least > LogSeverity.Info)
            conditions.Add($"e.status >= {values.Add(LoggedRequest.LeastStatusOf(filter.Least))}");
        if (actors is not null)
            conditions.Add($"e.api_key = any({values.Add(actors)})");
        if (endpoints is not null)
            conditions.Add($"e.endpoint = any({values.Add(endpoints)})");
        if (filter.Correlations.Length > 0)
            conditions.Add($"({RequestIdSql}) = any({values.Add(filter.Correlations)})");
        if (filter.Texts.Length > 0 && !filter.Texts.Any(text => IsIn(LoggedRequest.Type, text)))
            conditions.Add(TextCondition(values));
        return conditions.Count == 0 ? null : string.Join("\n  and ", conditions);
    }

    static bool MayPass(LogFilter filter) =>
        (filter.Types is [] || filter.Types.Contains(LoggedRequest.Type))
        && (filter.Categorised is [] || filter.Categorised.Contains(LogCategory.Api))
        && filter.Least <= LogSeverity.Error
        && (filter.TargetTypes is [] || filter.TargetTypes.Contains(LoggedRequest.TargetType));

    /// <summary>Every string of a request as answers show it: numbers and times among them where a text can be part of one.</summary>
    string TextCondition(SqlValues values)
    {
        var like = values.Add(filter.Texts.Select(LikePattern.Containing).ToArray());
        List<string> any = [.. ((string[])["e.method", "e.path", "e.route"]).Select(column => $"{column} ilike any({like})")];
        foreach (var (kind, column) in ((RequestText, string)[])
        [
            (RequestText.Endpoint, "endpoint"), (RequestText.Product, "product"), (RequestText.ApiKey, "api_key"),
            (RequestText.UserAgent, "agent"),
        ])
            if (textsLike[kind] is { Length: > 0 } numbers)
                any.Add($"e.{column} = any({values.Add(numbers)})");
        if (peopleLike.Length > 0)
            any.Add($"e.person = any({values.Add(peopleLike)})");
        any.Add($"({RequestIdSql}) ilike any({like})");
        if (filter.Texts.Any(text => text.All(c => char.IsAsciiHexDigit(c) || c is '.' or ':')))
            any.Add($"({AddressSql}) ilike any({like})");
        if (filter.Texts.Any(text => text.All(c => char.IsAsciiHexDigit(c) || c == '-')))
            any.Add($"e.id::text ilike any({like})");
        if (filter.Texts.Any(text => text.All(c => char.IsAsciiDigit(c) || "tTzZ:.-".Contains(c, StringComparison.Ordinal))))
            any.Add($"""
                replace(to_char(e.timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000Z', 'Z') ilike any({like})
                """);
        return $"({string.Join("\n  or ", any)})";
    }

    /// <summary>Finds the numbers that texts stand for; false when there is none of those that are asked for.</summary>
    async Task<bool> ResolveAsync()
    {
        var texts = new RequestTexts(Read.Connection, Workspace);
        if (filter.Actors.Length > 0)
            actors = await texts.NumbersAsync(RequestText.ApiKey, filter.Actors, Read.Cancel);
        if (filter.TargetIds.Length > 0)
            endpoints = await texts.NumbersAsync(RequestText.Endpoint, filter.TargetIds, Read.Cancel);
        if (filter.Texts.Length > 0)
            await ResolveTextsAsync([.. filter.Texts.Select(LikePattern.Containing)]);
        return actors is not [] && endpoints is not [];
    }

    async Task ResolveTextsAsync(string[] like)
    {
        foreach (var kind in Enum.GetValues<RequestText>())
            textsLike[kind] = [.. await Read.Connection.QueryAsync(
                TextsLikeSql, [Workspace.Key, (short)kind, like], row => row.GetInt32(0), Read.Cancel)];
        if (filter.Texts.Any(text => IsIn(RequestTexts.Other, text)))
            textsLike[RequestText.Endpoint] = [.. textsLike[RequestText.Endpoint], RequestFacts.OtherEndpoint];
        peopleLike = [.. await Read.Connection.QueryAsync(PeopleLikeSql, [Workspace.Key, like], row => row.GetInt32(0), Read.Cancel)];
        if (filter.Texts.Any(text => IsIn(RequestTexts.Anonymous, text)))
            peopleLike = [.. peopleLike, 0];
    }

    static bool IsIn(string whole, string text) => whole.Contains(text, StringComparison.OrdinalIgnoreCase);
}
