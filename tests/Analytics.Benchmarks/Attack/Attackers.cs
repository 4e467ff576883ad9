using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Analytics.Benchmarks.Attack;

/// <summary>One tenant at its worst: everything at once, again and again as fast as it is answered.</summary>
public sealed class Attackers(AttackPlan plan)
{
    // Who is turned away at the door comes back, but not in a loop that does nothing else.
    static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(100);

    readonly AttackRequests requests = new(plan);
    readonly List<(string Name, int Connections, Outcomes Outcomes, Func<int, Outcomes, CancellationToken, Task> RunAsync)> kinds = [];

    public async Task<AttackAnswers[]> RunAsync(CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        over.CancelAfter(TimeSpan.FromSeconds(plan.Seconds));
        await Task.WhenAll(kinds.SelectMany(kind => Enumerable.Range(0, kind.Connections)
            .Select(lane => Task.Run(() => RepeatAsync(kind.Outcomes, () => kind.RunAsync(lane, kind.Outcomes, over.Token), over.Token), cancel))));
        cancel.ThrowIfCancellationRequested();
        return [.. kinds.Select(kind => new AttackAnswers(kind.Name, kind.Connections, kind.Outcomes.ToCounts()))];
    }

    async Task PrepareAsync(CancellationToken cancel)
    {
        using var connection = await KeepAlive.OpenAsync(plan.Port, cancel);
        var customers = new List<Guid>();
        for (var n = 0; n < 20; n++)
            customers.Add((await MakeAsync("/api/customers", $$"""{"external_id":"c-{{n}}"}""")).GetProperty("id").GetGuid());
        var portal = (await MakeAsync($"/api/workspaces/{plan.Workspace}/keys", $$"""
            {"name":"portal","customer_id":"{{customers[0]}}","scopes":["events:write","events:read","metrics:read","stream:read","customers:write"]}
            """)).GetProperty("key").GetString()!;
        var cursor = await FirstCursorAsync(connection, cancel);
        for (var from = 0; from < AttackRequests.DeepTrace; from += 10_000)
            await connection.SendAsync(requests.Chain(from, 10_000), cancel);
        await connection.SendAsync(requests.Wide(), cancel);
        AddWriters(portal, customers);
        AddReaders();
        AddHolders(portal, cursor);

        async Task<JsonElement> MakeAsync(string path, string body)
        {
            var answer = await connection.SendAsync(AttackRequests.Post(path, plan.Key, body), cancel);
            using var made = JsonDocument.Parse(answer.Body);
            return answer.Status == 201 ? made.RootElement.Clone() : throw new InvalidOperationException($"{path} answered {answer.Status}: {answer.Text}");
        }
    }

    void AddWriters(string portal, List<Guid> customers)
    {
        var junk = -1;
        Ask("10 000 new names a request", 4, (_, _) => requests.JunkNames(Interlocked.Increment(ref junk)));
        Ask("below the deepest of a trace", 2, Same(requests.BelowTheDeepest()));
        byte[][] awaiting = [requests.Awaiting(0), requests.Awaiting(1)], parents = [requests.Parents(0), requests.Parents(1)];
        Ask("parents that a chain awaits", 2, (lane, turn) => turn == 0 ? awaiting[lane] : parents[lane]);
        byte[][] packed = [requests.Packed(hasIds: true), requests.Packed(hasIds: false)];
        Ask("one gzip of 10 MB", 12, (lane, _) => packed[lane % 2]);
        Ask("customer changes", 200, (lane, turn) => AttackRequests.Post(
            $"/api/customers/{customers[lane % 2 * (lane / 2 % customers.Count)]}", lane % 10 == 0 ? portal : plan.Key,
            $$"""{"name":"{{lane}}-{{turn}}"}""", "PATCH"));
    }

    void AddReaders()
    {
        Ask("statistics of a deep trace, filtered", 4, Same(requests.Statistics("day", "&name=deep&metadata[deep]=yes")));
        Ask("statistics of all names by hour, 30 fields", 8, Same(requests.Statistics(
            "hour", string.Concat(Enumerable.Range(0, 30).Select(n => $"&aggregate_fields=f{n}")))));
        byte[][] lists =
        [
            requests.Get("/api/events?q=nowhere&limit=1000"),
            requests.Get("/api/events?name=packed&sort=external_customer_id&limit=1000"),
            requests.Get("/api/events?sort=-descendant_count&limit=200"),
            requests.Get("/api/event-types?q=junk&sort=-occurrences&limit=1000"),
            requests.Get("/api/events?name=deep&sort=-external_id&q=yes&limit=1000"),
        ];
        Ask("lists, filtered and sorted", 200, (lane, _) => lists[lane % lists.Length]);
        Ask("wide CSV", 6, Same(requests.Get(WideCsv)));
    }

    const string WideCsv = "/api/events?name=wide&limit=1000&format=csv";

    void AddHolders(string portal, string cursor)
    {
        var csv = requests.Get(WideCsv);
        Hold("wide CSV, read slowly", 6, (_, _) => csv, (connection, _, buffer, over) =>
            connection.ReadAsync(buffer, Breath, TimeSpan.FromSeconds(2), over));
        byte[][] uploads = [AttackRequests.IdleUpload(plan.Key), AttackRequests.IdleUpload(portal)];
        Hold("idle uploads", 30, (lane, _) => uploads[lane % 2]);
        var stream = $"GET /api/stream/workspaces/{plan.Workspace} HTTP/1.1\r\nHost: 127.0.0.1\r\nLast-Event-ID: {cursor}\r\nAuthorization: Bearer ";
        Hold("streams from an old cursor, half unread", 1_000,
            (lane, _) => Encoding.ASCII.GetBytes($"{stream}{(lane % 20 == 0 ? portal : plan.Key)}\r\n\r\n"),
            (connection, lane, buffer, over) => lane % 2 == 0
                ? connection.ReadAsync(buffer, TimeSpan.Zero, TimeSpan.FromMinutes(2), over)
                : Task.Delay(TimeSpan.FromSeconds(10), over));
        Hold("idle connections", 2_000, (lane, _) => lane % 2 == 0 ? [] : Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: 1"));
    }

    static Func<int, int, byte[]> Same(byte[] request) => (_, _) => request;

    /// <summary>Connections that send their next request as soon as the last was answered.</summary>
    void Ask(string name, int connections, Func<int, int, byte[]> next) => kinds.Add((name, connections, new(), async (lane, outcomes, over) =>
    {
        using var connection = await KeepAlive.OpenAsync(plan.Port, over);
        for (var turn = 0; ; turn++)
        {
            var answer = await connection.SendAsync(next(lane, turn), over);
            outcomes.Count($"{answer.Status}");
            if (answer.Status is 429)
                await Task.Delay(Breath, over);
        }
    }));

    /// <summary>Connections that send something and wait for what comes; what is answered with 200 is read as told.</summary>
    void Hold(
        string name, int connections, Func<int, int, byte[]> first, Func<HeldConnection, int, byte[], CancellationToken, Task>? read = null) =>
        kinds.Add((name, connections, new(), async (lane, outcomes, over) =>
        {
            var buffer = new byte[16 * 1024];
            using var connection = await HeldConnection.OpenAsync(plan.Port, over);
            await connection.SendAsync(first(lane, 0), over);
            var status = await connection.StatusAsync(buffer, over);
            outcomes.Count(status);
            if (status == "200" && read is not null)
                await read(connection, lane, buffer, over);
            else
                await Task.Delay(Breath, over);
        }));

    static async Task RepeatAsync(Outcomes outcomes, Func<Task> runAsync, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
            try
            {
                await runAsync();
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception lost) when (lost is IOException or SocketException)
            {
                outcomes.Count("connection lost");
                await Task.Delay(Breath, CancellationToken.None);
            }
    }

    /// <summary>The id of the first message of the workspace's stream.</summary>
    async Task<string> FirstCursorAsync(KeepAlive connection, CancellationToken cancel)
    {
        using var stream = await HeldConnection.OpenAsync(plan.Port, cancel);
        await stream.SendAsync(requests.Get($"/api/stream/workspaces/{plan.Workspace}"), cancel);
        var text = await stream.ReadUntilAsync("retry: 3000", cancel);
        await connection.SendAsync(requests.One("first"), cancel);
        text += await stream.ReadUntilAsync("data:", cancel);
        var id = text.IndexOf("\nid: ", StringComparison.Ordinal) + "\nid: ".Length;
        return text[id..text.IndexOf('\n', id)];
    }
}
