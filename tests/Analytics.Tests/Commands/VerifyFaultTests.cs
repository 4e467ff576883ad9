using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Runs;
using Analytics.Storage.Verification;

namespace Analytics.Tests.Commands;

/// <summary>A row changed, taken away or added, in every rollup of events: none goes unnoticed.</summary>
public sealed class VerifyFaultTests(AnalyticsApi api)
{
    static readonly KeptLife Life = new(LivedAsync);

    public static TheoryData<string, string> TimelineFaults =>
        new MatrixTheoryData<string, string>(EventRollups.Timeline.Grains.Each().Select(grain => $"{grain}"), ["changed", "deleted", "added"]);

    public static TheoryData<string, string> PeopleFaults =>
        new MatrixTheoryData<string, string>(EventRollups.People.Grains.Each().Select(grain => $"{grain}"), ["changed", "deleted", "added"]);

    public static TheoryData<string> Changes => [.. Measures.Keys];

    static readonly Dictionary<string, string> Words = new()
    {
        ["QuarterHour"] = "quarter hour", ["SixHours"] = "six hours", ["Day"] = "day", ["Week"] = "week", ["LocalDay"] = "local day",
        ["LocalWeek"] = "local week",
    };

    static readonly Dictionary<string, Action<Cell>> Measures = new()
    {
        ["events"] = cell => cell.Events++,
        ["roots"] = cell => cell.Roots--,
        ["own cost"] = cell => cell.OwnCost += 1,
        ["service's own events"] = cell => cell[EventFacts.ServiceEvents]++,
        ["sum 4, which there is not"] = cell => cell[EventFacts.ServiceEvents + 1]++,
        ["maximum"] = cell => cell.Reached(1),
        ["set"] = cell => cell.AddToSet(7_000),
        ["sum of _cost.amount"] = cell => cell.Totals(1).Sum++,
        ["values of _cost.amount"] = cell => cell.Totals(1).Values.Add(5),
        ["sum of _llm.output_tokens"] = cell => cell.Totals(3).Sum--,
        ["sum of unregistered field 9"] = cell => cell.Totals(9).Sum++,
    };

    [Fact]
    public async Task Taken_apart_and_put_back_nothing_differs()
    {
        var (workspace, stored) = await Life.RestoreAsync(api);
        await stored.EditDeltaAsync(EventFacts.Section, _ => { });
        await VerifyRun.OfAsync(workspace, 0);
        foreach (var rollup in Catalogue.Default.Of(EventFacts.Section))
            await stored.EditRunAsync(rollup, EventFacts.Section, _ => { });
        await VerifyRun.OfAsync(workspace, 0);
    }

    [Theory, MemberData(nameof(TimelineFaults))]
    public async Task A_timeline_cell_of_every_grain(string grain, string fault)
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        await stored.EditRunAsync(
            EventRollups.Timeline, EventFacts.Section, cells => Spoil(cells, cells.FindIndex(cell => $"{cell.Key.Grain}" == grain), fault));
        Assert.Contains("timeline: ", await DirtyAsync(workspace), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeline_is_looked_at_month_by_month_as_all_at_once()
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        foreach (var grain in EventRollups.Timeline.Grains.Each())
            await stored.EditRunAsync(
                EventRollups.Timeline, EventFacts.Section, cells => Spoil(cells, cells.FindLastIndex(cell => cell.Key.Grain == grain), "changed"));

        Assert.NotEmpty(await FoundAsync(500));
        Assert.Equal(await FoundAsync(500), await FoundAsync(1));

        async Task<List<string>> FoundAsync(long pagesAtOnce)
        {
            var log = new DifferenceLog();
            await new Verifier(api.Store, await RandomLife.KeyOfAsync(workspace), log) { PagesAtOnce = pagesAtOnce }.RunAsync(default);
            return [.. log.Shown.Select(difference => $"{difference}").Order(StringComparer.Ordinal)];
        }
    }

    [Theory, MemberData(nameof(PeopleFaults))]
    public async Task A_cell_of_a_person_of_every_grain(string grain, string fault)
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        await stored.EditRunAsync(
            EventRollups.People, EventFacts.Section, cells => Spoil(cells, cells.FindLastIndex(cell => $"{cell.Key.Grain}" == grain), fault));
        Assert.Matches($"people: person [0-9]+, {Words[grain]} ", await DirtyAsync(workspace));
    }

    [Theory, InlineData("changed"), InlineData("deleted"), InlineData("added")]
    public async Task A_fact_that_waits_to_be_flushed(string fault)
    {
        var (workspace, stored) = await Life.RestoreAsync(api);
        await stored.EditDeltaAsync(EventFacts.Section, facts => Spoil(facts, facts.Count / 2, fault));
        var found = await DirtyAsync(workspace);
        Assert.Contains("timeline: quarter hour ", found, StringComparison.Ordinal);
        Assert.Contains("people: person ", found, StringComparison.Ordinal);
        Assert.Contains(" activity: quarter hour ", found, StringComparison.Ordinal);
        Assert.Contains("people's activity: person ", found, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Changes))]
    public async Task Every_measure_of_a_cell(string measure)
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        await stored.EditRunAsync(
            EventRollups.Timeline, EventFacts.Section,
            cells => Measures[measure](cells.Find(cell => cell.Cell.Fields.Length > 0)!.Cell));
        Assert.Contains($": {measure}", await DirtyAsync(workspace), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_and_last_time_of_a_type()
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        await stored.EditRunAsync(
            EventRollups.Timeline, EventFacts.Section, cells => cells[^1].Cell.Seen(Timeline.Year2000 + 1, Timeline.Year2000 + 1));
        Assert.Contains(": first: stored 2000-01-01T00:00:00.000001Z", await DirtyAsync(workspace), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Minute", 0)]
    [InlineData(1, "Month", 1)]
    [InlineData(2, "Hour", 3)]
    [InlineData(2, "All", 1_000_000)]
    [InlineData(4, "Day", 3)]
    [InlineData(4, "QuarterHour", 1_000_000)]
    public async Task A_cell_of_a_grain_or_lead_that_there_is_not(int rollup, string grain, int lead)
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: true);
        var edited = Catalogue.Default.Rollups.Single(row => row.Id == rollup);
        await stored.EditRunAsync(
            edited, EventFacts.Section, cells => cells.Add(new(new CellKey(lead, Enum.Parse<Grain>(grain), 0, 0), new Cell { Events = 1 })));
        Assert.Contains($"{edited.Name}: {(edited.IsDense ? "" : $"person {lead}, ")}", await DirtyAsync(workspace), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deltas", "delete from rollup_deltas where workspace_id = $1")]
    [InlineData("deltas", "update rollup_deltas set facts = facts + 1 where workspace_id = $1")]
    [InlineData("deltas", "insert into rollup_deltas select workspace_id, section, commit + 1000, facts, data from rollup_deltas where workspace_id = $1")]
    [InlineData("runs", "delete from rollup_runs where workspace_id = $1 and rollup = 1")]
    [InlineData("runs", "delete from rollup_runs where workspace_id = $1 and rollup = 2")]
    [InlineData("deltas", "update rollup_deltas set section = 2 where workspace_id = $1 and section = 1")]
    [InlineData("deltas", "update rollup_deltas set section = 99 where workspace_id = $1 and section = 1")]
    [InlineData("deltas", "update workspace_seq set commits = 1 where workspace_id = $1")]
    [InlineData("runs", "update rollup_runs set last_commit = last_commit + 1000 where workspace_id = $1 and rollup = 2")]
    [InlineData("runs", "update rollup_runs set section = 2 where workspace_id = $1 and rollup = 1")]
    [InlineData("runs", "update rollup_runs set section = 2 where workspace_id = $1 and rollup = 4")]
    [InlineData("runs", "update rollup_runs set section = 99 where workspace_id = $1 and rollup = 2")]
    [InlineData("runs", "update rollup_runs set rollup = 9 where workspace_id = $1 and rollup = 4")]
    [InlineData("runs", "update rollup_runs set grains = 2 where workspace_id = $1 and rollup = 1")]
    [InlineData("runs", "update rollup_runs set grains = 2 where workspace_id = $1 and rollup = 2")]
    [InlineData("runs", "update rollup_runs set grains = grains - 8 where workspace_id = $1 and rollup = 2")]
    [InlineData("runs", "update rollup_runs set grains = grains - 2 where workspace_id = $1 and rollup = 3")]
    [InlineData("runs", "update rollup_runs set grains = grains + 8 where workspace_id = $1 and rollup = 4")]
    [InlineData("runs", "update rollup_runs set pages = pages + 1 where workspace_id = $1")]
    [InlineData("runs", "insert into rollup_runs select workspace_id, rollup, run + 1000000, section, tier, 1, 1, 1, 1, grains from rollup_runs where workspace_id = $1")]
    [InlineData("runs", "delete from rollup_pages where workspace_id = $1 and rollup = 1 and page = 0")]
    [InlineData("runs", "delete from rollup_pages where workspace_id = $1 and rollup = 2 and page = 0")]
    [InlineData("runs", "update rollup_pages set last_key = first_key where workspace_id = $1 and rollup = 2")]
    [InlineData("runs", "update rollup_pages set first_key = first_key + 1 where workspace_id = $1 and rollup = 1")]
    [InlineData("runs", "update rollup_pages set data = data || '\\x01'::bytea where workspace_id = $1")]
    [InlineData("runs", "insert into rollup_pages select workspace_id, rollup, run, page + 1000, first_key, last_key, data from rollup_pages where workspace_id = $1")]
    [InlineData("deltas", "update trace_nodes set members = members + 1 where workspace_id = $1 and type is not null and up is null")]
    [InlineData("deltas", "update trace_nodes set members = members + 1 where workspace_id = $1 and type is null and up is null")]
    [InlineData("deltas", "update trace_nodes set sums = ''::bytea where workspace_id = $1 and length(sums) > 0")]
    [InlineData("deltas", "update trace_nodes set person = person + 1 where workspace_id = $1 and type is not null")]
    [InlineData("deltas", "update trace_nodes set mixed = not mixed where workspace_id = $1 and type is not null")]
    [InlineData("deltas", "update trace_nodes set mixed = not mixed where workspace_id = $1 and up is null and type is null")]
    [InlineData("deltas", "update trace_nodes set person = person + 1 where workspace_id = $1 and up is null and type is null and not mixed")]
    [InlineData("deltas", "update trace_nodes set root = gen_random_uuid() where workspace_id = $1 and type is not null")]
    [InlineData("deltas", "update trace_nodes set root = gen_random_uuid() where workspace_id = $1 and up is null and type is null")]
    [InlineData("deltas", "update trace_nodes set type = null where workspace_id = $1 and type is not null")]
    [InlineData("deltas", "update trace_nodes set type = 1, person = 1 where workspace_id = $1 and up is null and type is null")]
    [InlineData("deltas", "update trace_nodes set members = 1 where workspace_id = $1 and up is not null")]
    [InlineData("deltas", "update trace_nodes set up = null, root = id, members = 1 where workspace_id = $1 and up is not null")]
    [InlineData("deltas", "update trace_nodes set seq = 0 where workspace_id = $1 and up is null")]
    [InlineData("deltas", "update trace_nodes set type = type + 1 where workspace_id = $1 and type is not null")]
    [InlineData("deltas", "update trace_nodes set up = null where workspace_id = $1 and up is not null")]
    [InlineData("deltas", "update trace_nodes set up = id where workspace_id = $1 and up is not null")]
    [InlineData("deltas", "delete from trace_nodes where workspace_id = $1 and type is not null")]
    [InlineData("deltas", "delete from trace_nodes where workspace_id = $1 and type is null and up is null")]
    [InlineData("deltas", "delete from trace_nodes where workspace_id = $1 and up is not null")]
    [InlineData("deltas", "insert into trace_nodes select workspace_id, gen_random_uuid(), up, root, type, person, mixed, members, fields, sums, seq from trace_nodes where workspace_id = $1 and type is not null limit 1")]
    [InlineData("deltas", "insert into trace_nodes select $1, overlay(gen_random_uuid()::text placing '8' from 15)::uuid, null, null, null, null, false, 1, 5, '', 1")]
    [InlineData("deltas", "insert into trace_nodes select $1, id, null, id, type, coalesce(person, 0), false, 1, 5, '', seq from events e where workspace_id = $1 and parent is null and not exists (select from trace_nodes t where t.workspace_id = $1 and t.id = e.id) limit 1")]
    [InlineData("deltas", "delete from event_keys where workspace_id = $1 and hash = (select min(hash::text)::uuid from event_keys where workspace_id = $1 and kind = 0)")]
    [InlineData("deltas", "update event_keys set id = gen_random_uuid() where workspace_id = $1 and hash = (select min(hash::text)::uuid from event_keys where workspace_id = $1)")]
    [InlineData("deltas", "insert into event_keys select $1, 0, gen_random_uuid(), gen_random_uuid()")]
    [InlineData("deltas", "insert into event_keys select $1, 3, gen_random_uuid(), gen_random_uuid()")]
    [InlineData("deltas", "insert into event_keys select $1, 5, gen_random_uuid(), gen_random_uuid()")]
    [InlineData("deltas", "insert into event_keys select $1, 0, gen_random_uuid(), id from events where workspace_id = $1 and external_id is not null limit 1")]
    [InlineData("deltas", "delete from pending_parents where workspace_id = $1")]
    [InlineData("deltas", "insert into pending_parents select $1, gen_random_uuid()")]
    [InlineData("deltas", "insert into pending_parents select $1, id from trace_nodes where workspace_id = $1 and type is null and up is not null limit 1")]
    [InlineData("deltas", "update workspace_seq set seq = seq + 1 where workspace_id = $1")]
    [InlineData("deltas", "update workspace_seq set people = people - 1 where workspace_id = $1")]
    [InlineData("deltas", "update workspace_seq set types = types + 1 where workspace_id = $1")]
    [InlineData("deltas", "delete from people where workspace_id = $1 and person = 1")]
    [InlineData("deltas", "update people set same_as = 1 where workspace_id = $1 and person = (select max(person) from people where workspace_id = $1)")]
    [InlineData("deltas", "delete from event_types where workspace_id = $1 and type = 1")]
    [InlineData("deltas", "insert into event_types select $1, 90, gen_random_uuid(), 'made up', 'made up', null, 0, now()")]
    [InlineData("deltas", "delete from events where workspace_id = $1 and seq = 5")]
    [InlineData("deltas", "update events set metadata = null where workspace_id = $1 and metadata->'_cost'->>'amount' <> '0'")]
    [InlineData("deltas", "update events set person = 1 where workspace_id = $1 and person = 2")]
    [InlineData("deltas", "update events set type = 1 where workspace_id = $1 and type = 2")]
    [InlineData("deltas", "update events set trace = null where workspace_id = $1 and trace is not null")]
    [InlineData("deltas", "update events set parent = (select id from events where workspace_id = $1 and parent is null order by id limit 1) where workspace_id = $1 and parent is not null")]
    [InlineData("deltas", "update events set parent = null, trace = null, parent_ref = null where workspace_id = $1 and parent is not null")]
    [InlineData("deltas", "insert into events select workspace_id, type, timestamp, gen_random_uuid(), seq, ingested_at, person, null, null, null, null, null from events where workspace_id = $1 and seq = 1")]
    public async Task A_row_of_any_table(string held, string fault)
    {
        var (workspace, stored) = await Life.RestoreAsync(api, isFlushed: held == "runs");
        Assert.NotEqual(0, await stored.RunAsync(fault));
        Assert.NotEqual("", await DirtyAsync(workspace));
    }

    internal static void Spoil(List<Stored<CellKey>> cells, int at, string fault) =>
        Spoil(cells, at, fault, key => key with { Second = key.Second + 1_000 });

    internal static void Spoil(List<Stored<FactKey>> facts, int at, string fault) =>
        Spoil(facts, at, fault, key => key with { Second = key.Second + 1_000 });

    static void Spoil<TKey>(List<Stored<TKey>> cells, int at, string fault, Func<TKey, TKey> another)
    {
        var (key, cell) = cells[at];
        if (fault == "changed")
            cell.Events++;
        else if (fault == "deleted")
            cells.RemoveAt(at);
        else
            cells.Insert(at + 1, new(another(key), cell));
    }

    /// <summary>A workspace after a short life in a zone of its own, clean so far.</summary>
    static async Task<(WorkspaceClient Workspace, StoredRollups Stored)> LivedAsync(AnalyticsApi api)
    {
        var workspace = await api.NewWorkspaceAsync("Asia/Kathmandu");
        var stored = new StoredRollups(api.Store, await RandomLife.KeyOfAsync(workspace));
        await stored.FreezeAsync();
        await new RandomLife(workspace, 5).LiveAsync(60);
        return (workspace, stored);
    }

    static Task<string> DirtyAsync(WorkspaceClient workspace) => VerifyRun.OfAsync(workspace, 1);
}
