using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Schema;
using Analytics.Storage.Verification;
using Analytics.Storage.Writing;
using Npgsql;

namespace Analytics.Tests.Storage.Rollups;

/// <summary>
/// A kind of fact of the tests' own, with all that a kind has: a table, a section at minutes, two rollups, how it is written, counted
/// anew and read by a verification. A visit says which page a customer saw and for how many seconds.
/// </summary>
static class Visits
{
    public const string TableSql = """
        create table if not exists visits (
            workspace_id int not null,
            timestamp timestamptz not null,
            id uuid not null,
            person int not null,
            page int not null,
            seconds int not null,
            primary key (workspace_id, timestamp, id)
        )
        """;

    static readonly Dimension Page = new("page");

    public static readonly Section Section = new(91, "visits", Grain.Minute, [Dimension.Person, Page], ["visits", "long visits", "seconds"]);

    public static readonly Rollup People = new(91, "people's visits", [Section], Dimension.Person, Page, Grains.Minute) { Values = true };

    public static readonly Rollup Pages = new(
        92, "visits of pages", [Section], Page, Dimension.None,
        Grains.Minute | Grains.QuarterHour | Grains.Hour | Grains.Day | Grains.LocalDay | Grains.Month | Grains.LocalMonth | Grains.All)
    {
        Set = Dimension.Person, Times = true,
    };

    public static readonly FactKind Kind = new VisitKind();

    public static readonly Catalogue Catalogue = new(
        [.. Catalogue.Default.Kinds, Kind], [.. Catalogue.Default.Rollups, People, Pages]);

    /// <summary>A visit on its way to the store.</summary>
    public sealed class Incoming : IncomingFact
    {
        public override FactKind Kind => Visits.Kind;
        public override long Bytes => Overhead;
        public required int Page { get; init; }
        public required int Seconds { get; init; }
    }

    sealed class NewVisit(WriteRequest request, Incoming visit) : NewFact(request, visit)
    {
        public Incoming Visit { get; } = visit;
    }

    static void Count(CommitFacts facts, long timestamp, int person, int page, int seconds)
    {
        var key = Section.KeyOf(timestamp, person, page);
        facts.Add(key, timestamp, 1, seconds > 60 ? 1 : 0, seconds);
        facts.Reached(key, seconds);
    }

    /// <summary>Writes them.</summary>
    public sealed class Rows() : KindWriter(Visits.Kind, "visits (workspace_id, timestamp, id, person, page, seconds)")
    {
        readonly CommitFacts facts = new(Section);
        readonly ByteWriter packed = new();

        public override NewFact New(WriteRequest request, IncomingFact fact) => new NewVisit(request, (Incoming)fact);

        public override KindWrite Begin(Workspace workspace, IReadOnlyList<NewFact> visits) => new Write(this, [.. visits.Cast<NewVisit>()]);

        sealed class Write(Rows rows, List<NewVisit> visits) : KindWrite
        {
            public override async Task LinkAsync(WorkspaceWrite write, CancellationToken cancel)
            {
                await PeopleNumbers.AssignAsync(write.Connection, write.Names, write.Counters, visits, cancel);
                foreach (var one in visits)
                {
                    rows.Rows.StartRow(6);
                    rows.Rows.Int32(write.Workspace.Key);
                    rows.Rows.Timestamp(one.Visit.Timestamp);
                    rows.Rows.Uuid(one.Id);
                    rows.Rows.Int32(one.Person);
                    rows.Rows.Int32(one.Visit.Page);
                    rows.Rows.Int32(one.Visit.Seconds);
                }
            }

            public override IEnumerable<PackedDelta> Finish(WorkspaceWrite write)
            {
                rows.facts.Clear();
                foreach (var one in visits)
                    Count(rows.facts, one.Visit.Timestamp, one.Person, one.Visit.Page, one.Visit.Seconds);
                return [PackedDelta.Of(rows.facts, rows.packed)];
            }
        }
    }

    /// <summary>Counts them anew.</summary>
    sealed class VisitKind() : FactKind("visits", Section)
    {
        public override async Task RecountAsync(RawCount count, CancellationToken cancel)
        {
            var facts = new CommitFacts(Section);
            await count.Reading.EachAsync(
                "select timestamp, person, page, seconds from visits where workspace_id = $1 and timestamp >= $2 and timestamp < $3",
                [count.Workspace, count.FromTime, count.ToTime],
                row => Count(facts, row.Microseconds(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)), cancel);
            if (facts.Pack(new(), out _) is { Length: > 0 } delta && count.Fields is null)
                await count.Add(Section, delta);
        }
    }

    /// <summary>Reads them for a verification.</summary>
    public sealed class Reading(StoreSnapshot snapshot) : KindReading
    {
        List<(long At, Entry Entry)> visits = [];
        int counted;

        public override IReadOnlyList<Section> Sections => [Section];

        public override async Task BeginAsync(long from, CancellationToken cancel) => visits = await snapshot.ReadAsync(
            "select timestamp, person, page, seconds from visits where workspace_id = $1 order by timestamp", [],
            row => (row.Microseconds(0), EntryOf(row)), cancel);

        public override Task<long?> ReadAsync(CancellationToken cancel) =>
            Task.FromResult(counted < visits.Count ? visits[^1].At : (long?)null);

        public override Task<int> CountAsync(long to, Action<Entry> add, CancellationToken cancel)
        {
            var before = counted;
            for (; counted < visits.Count && visits[counted].At < to; counted++)
                add(visits[counted].Entry);
            return Task.FromResult(counted - before);
        }

        public override Task TimesAsync(Section section, Rollup rollup, Action<FactKey, long, long> each, CancellationToken cancel) =>
            snapshot.EachAsync(
                "select page, min(timestamp), max(timestamp) from visits where workspace_id = $1 group by page", [],
                row => each(new FactKey(0, 0, row.GetInt32(0)), row.Microseconds(1), row.Microseconds(2)), cancel);

        static Entry EntryOf(NpgsqlDataReader row)
        {
            var (minute, seconds) = (row.GetDateTime(0) - new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc), row.GetInt32(3));
            return new Entry(
                Section, new FactKey(row.GetInt32(1), (int)(minute.Ticks / TimeSpan.TicksPerMinute), row.GetInt32(2)),
                (0, 1), (1, seconds > 60 ? 1 : 0), (2, seconds))
            {
                Maximum = seconds,
            };
        }
    }
}
