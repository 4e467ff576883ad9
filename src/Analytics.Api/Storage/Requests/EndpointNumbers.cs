using System.Text;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Requests;

/// <summary>
/// Gives every request its endpoint's number. A day, in UTC, has room for 2 000 endpoints, and so has what the portal keys of a customer
/// send; requests to any other one count under <see cref="RequestFacts.OtherEndpoint"/>. That is decided here and kept with them.
/// </summary>
sealed class EndpointNumbers(NpgsqlConnection connection, int workspace, byte[] hashKey, RequestNames names)
{
    const int MaxOfDay = 2_000;

    // Endpoint and status share a number; see Dimension.Endpoint.
    const int MaxNumber = (1 << (31 - Dimension.StatusBits)) - 1;

    const string DaysSql = """
        select wanted.day, wanted.portal, known.endpoint
        from unnest($2, $3) as wanted (day, portal)
        cross join lateral (
            select endpoint
            from endpoint_days
            where workspace_id = $1
              and day = wanted.day
              and portal = wanted.portal
            offset 0
        ) known
        """;

    const string AddDaysSql = """
        insert into endpoint_days (workspace_id, day, portal, endpoint)
        select $1, day, portal, endpoint
        from unnest($2, $3, $4) as new (day, portal, endpoint)
        """;

    readonly List<(int Day, Guid Portal, int Endpoint)> newOfDays = [];
    readonly List<(int Number, byte[] Text)> newTexts = [];

    public async Task AssignAsync(List<NewRequest> requests, CancellationToken cancel)
    {
        var rest = requests.FindAll(request => !TryAssign(request, isLookedUp: false));
        if (rest.Count == 0)
            return;
        await FindTextsAsync(rest, cancel);
        // Nobody adds to a day that is full.
        rest = rest.FindAll(request => !TryAssign(request, isLookedUp: true));
        if (rest.Count == 0)
            return;
        await FindDaysAsync(rest, cancel);
        int? last = null;
        foreach (var request in rest)
            if (!TryAssign(request, isLookedUp: true))
            {
                var day = names.DayOf(DayOf(request), PortalOf(request))!;
                if (day.Count < MaxOfDay && await NumberAsync(request) is { } number)
                {
                    day.Add(request.Endpoint = number);
                    newOfDays.Add((DayOf(request), PortalOf(request), number));
                }
                else
                    request.Endpoint = RequestFacts.OtherEndpoint;
            }

        await SaveAsync(cancel);

        async ValueTask<int?> NumberAsync(NewRequest request)
        {
            if (names.TryFind(RequestText.Endpoint, request.Incoming.Endpoint.Span, out var known))
                return known.Number;
            last ??= Math.Max(
                RequestFacts.OtherEndpoint,
                await connection.ScalarAsync<int>(RequestTextNumbers.LastSql, [workspace, (short)RequestText.Endpoint], cancel));
            if (last == MaxNumber)
                return null;
            var text = request.Incoming.Endpoint.ToArray();
            newTexts.Add((++last ?? 0, text));
            names.Add(RequestText.Endpoint, text, new(last.Value, null));
            return last;
        }
    }

    static int DayOf(NewRequest request) =>
        (int)Math.Floor((request.Incoming.Timestamp - Cells.Timeline.Year2000) / (double)TimeSpan.MicrosecondsPerDay);

    static Guid PortalOf(NewRequest request) => request.Incoming.Portal ?? Guid.Empty;

    /// <summary>
    /// False when the endpoint is not known to count by itself on its day, and the day may have room. A day that is full may have it by a
    /// number that another writer gave: then it is to be looked up.
    /// </summary>
    bool TryAssign(NewRequest request, bool isLookedUp)
    {
        if (names.DayOf(DayOf(request), PortalOf(request)) is not { } day)
            return false;
        var isKnown = names.TryFind(RequestText.Endpoint, request.Incoming.Endpoint.Span, out var known);
        if (isKnown && day.Contains(known!.Number))
            request.Endpoint = known.Number;
        else if (day.Count >= MaxOfDay && (isKnown || isLookedUp))
            request.Endpoint = RequestFacts.OtherEndpoint;
        return request.Endpoint != 0;
    }

    Task FindTextsAsync(List<NewRequest> requests, CancellationToken cancel)
    {
        var unknown = new HashSet<Guid>();
        foreach (var request in requests)
            if (!names.TryFind(RequestText.Endpoint, request.Incoming.Endpoint.Span, out _))
                unknown.Add(RequestTextNumbers.HashOf(hashKey, request.Incoming.Endpoint.Span));
        return unknown.Count == 0
            ? Task.CompletedTask
            : connection.EachAsync(
                RequestTextNumbers.FindSql, [workspace, (short)RequestText.Endpoint, unknown.ToArray()],
                row => names.Add(RequestText.Endpoint, Encoding.UTF8.GetBytes(row.GetString(2)), new(row.GetInt32(0), null)), cancel);
    }

    // Another writer may have added to a day since it was looked at.
    async Task FindDaysAsync(List<NewRequest> requests, CancellationToken cancel)
    {
        var days = requests.Select(request => (Day: DayOf(request), Portal: PortalOf(request))).Distinct().ToList();
        var found = days.ToDictionary(day => day, _ => new HashSet<int>());
        await connection.EachAsync(
            DaysSql, [workspace, days.Select(day => day.Day).ToArray(), days.Select(day => day.Portal).ToArray()],
            row => found[(row.GetInt32(0), row.GetGuid(1))].Add(row.GetInt32(2)), cancel);
        names.TrimDays();
        foreach (var ((day, portal), endpoints) in found)
            names.SetDay(day, portal, endpoints);
    }

    async Task SaveAsync(CancellationToken cancel)
    {
        if (newTexts.Count > 0)
        {
            SqlValue[] values =
            [
                workspace, (short)RequestText.Endpoint, newTexts.Select(text => text.Number).ToArray(),
                newTexts.Select(text => RequestTextNumbers.HashOf(hashKey, text.Text)).ToArray(), SqlValue.Of(new string?[newTexts.Count]),
                newTexts.Select(text => Encoding.UTF8.GetString(text.Text)).ToArray(),
            ];
            await connection.ExecuteAsync(RequestTextNumbers.AddSql, values, cancel);
        }

        if (newOfDays.Count > 0)
            await connection.ExecuteAsync(
                AddDaysSql,
                [
                    workspace, newOfDays.Select(day => day.Day).ToArray(), newOfDays.Select(day => day.Portal).ToArray(),
                    newOfDays.Select(day => day.Endpoint).ToArray(),
                ], cancel);
    }
}
