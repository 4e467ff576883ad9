using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.People;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Usage;

/// <summary>
/// Who used and paid how much, and who seems about to leave, in one snapshot. Counts and money of everybody order the list; units and
/// what churn is told by are read of those on the page.
/// </summary>
sealed class CustomerUsageQuery(NpgsqlDataSource store, TimeProvider clock)
{
    static readonly Rollup[] Rollups = [UsageRollups.PeopleUsage, EventRollups.Customers, EventRollups.People, CostRollups.Payers];

    public async Task<UsingCustomers> ListAsync(
        Workspace workspace, Customer? boundTo, CustomerUsageRequest request, PageRequest page, CancellationToken cancel)
    {
        var period = new BusinessTimes(request, workspace, clock.GetStoreNow()).Read();
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        await using var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, Rollups);
        var visible = await PeopleLookup.VisibleAsync(read.Connection, workspace.Key, boundTo, read.Cancel);
        var activity = await CustomerActivity.ReadAsync(snapshot, workspace.Key, period, visible, read.Cancel);
        var names = CustomerOrder.IsByNumber(page.Sort)
            ? []
            : await CustomerNames.OfAsync(read.Connection, workspace.Key, activity.Customers.Select(one => one.Person), read.Cancel);
        var signs = page.Sort == CustomerOrder.Risk ? await SignsAsync(activity.Customers) : null;
        var shown = new CustomerOrder(page, names, signs).PageOf(activity.Customers);
        signs ??= await SignsAsync(shown.Data);
        var rows = await new ShownCustomers(snapshot, workspace.Key, period, shown.Data, signs).ReadAsync(read.Cancel);
        return new(rows, shown.Meta);

        Task<ChurnSigns> SignsAsync(IEnumerable<ActiveCustomer> customers) =>
            ChurnSigns.ReadAsync(snapshot, workspace.Key, period, customers, read.Cancel);
    }
}

/// <summary>What a customer did and paid.</summary>
/// <param name="person">The number that stands for it.</param>
/// <param name="number">One of its numbers.</param>
sealed class ActiveCustomer(int person, int number)
{
    // Few have more than one.
    List<int>? others;

    public int Person => person;

    /// <summary>All its numbers.</summary>
    public IEnumerable<int> Numbers => others is null ? [number] : [number, .. others];

    public long Events { get; set; }
    public long Invoiced { get; set; }
    public Int128 Revenue { get; set; }

    public void Has(int another)
    {
        if (another != number && others?.Contains(another) != true)
            (others ??= []).Add(another);
    }
}

/// <summary>Everybody's events and money of the period, and whoever had events on the days that churn is told by.</summary>
sealed class CustomerActivity(RollupSnapshot snapshot, LinkedPeople linked, HashSet<int>? visible)
{
    readonly Dictionary<int, ActiveCustomer> customers = [];

    /// <summary>Those who did or paid anything.</summary>
    public IEnumerable<ActiveCustomer> Customers => customers.Values;

    public static async Task<CustomerActivity> ReadAsync(
        RollupSnapshot snapshot, int workspace, AskedPeriod period, int[]? visible, CancellationToken cancel)
    {
        var activity = new CustomerActivity(snapshot, await snapshot.LinkedPeopleAsync(cancel), visible?.ToHashSet());
        var (whole, churn) = (UnitUsageQuery.Whole(period.Range), Churn(period));
        Bucket[] pieces = [.. Pieces([.. whole, new(churn[0].From, churn[^1].To, churn[0].From, churn[^1].To)])];
        // Of each piece, once: there are thousands of customers.
        var isAsked = pieces.Select(piece => Holds(whole, piece)).ToArray();
        await activity.EventsAsync(pieces, (customer, at, events) => customer.Events += isAsked[at] ? events : 0, cancel);
        await activity.ReadAsync(CostRollups.Payers, whole, (person, _, cell) =>
        {
            if (cell[CostFacts.Revenue] is var revenue && revenue != 0)
                activity.Of(person).Revenue += revenue;
        }, cancel);
        foreach (var (person, cents) in await Invoices.TotalsAsync(
            snapshot.Connection, workspace, period.Range.From, period.Range.To, cancel))
            if (person != 0 && visible?.Contains(person) != false)
                activity.Of(person).Invoiced += cents;
        return activity;
    }

    /// <summary>The buckets of <see cref="Churn"/>.</summary>
    public const int Earlier = 0, Before = 1, Last = 2;

    /// <summary>The last 30 days: up to the last 14, the first seven of these, and the last seven.</summary>
    public static Bucket[] Churn(AskedPeriod period)
    {
        var (zone, now) = (period.Range.Zone, period.Now);
        var starts = ((int[])[30, 14, 7]).Select(days => TimeRange.LastDays(days, zone, now).From)
            .Append(TimeRange.LastDays(1, zone, now).To);
        return [.. starts.Zip(starts.Skip(1), (from, to) => new Bucket(from, to, from, to))];
    }

    // The period and the days of churn mostly cover each other: what both hold is read once.
    static IEnumerable<Bucket> Pieces(Bucket[] buckets)
    {
        var all = buckets.SelectMany(bucket => (DateTimeOffset[])[bucket.From, bucket.To]).Distinct().Order().ToList();
        return from ends in all.Zip(all.Skip(1))
               select new Bucket(ends.First, ends.Second, ends.First, ends.Second) into piece
               where Holds(buckets, piece)
               select piece;
    }

    static bool Holds(Bucket[] buckets, Bucket piece) =>
        Array.Exists(buckets, bucket => bucket.From <= piece.From && piece.To <= bucket.To);

    Task EventsAsync(Bucket[] buckets, Action<ActiveCustomer, int, long> add, CancellationToken cancel) =>
        ReadAsync(EventRollups.Customers, buckets, (person, bucket, cell) =>
        {
            if ((long)EventFacts.Active(cell) is var events && events != 0)
                add(Of(person), bucket, events);
        }, cancel);

    async Task ReadAsync(Rollup rollup, Bucket[] buckets, Action<int, int, Cell> add, CancellationToken cancel)
    {
        if (buckets.Length == 0)
            return;
        var read = new OneCell<(int Person, int Bucket)>((key, cell) => add(key.Person, key.Bucket, cell));
        await snapshot.ReadAsync(
            rollup, new BucketCover(buckets, snapshot.Timeline, rollup), null, CellParts.Sums,
            (bucket, _, person) => person == 0 || visible?.Contains(person) == false ? null : read.For((person, bucket)), cancel);
        read.End();
    }

    ActiveCustomer Of(int person)
    {
        var main = linked.MainOf(person);
        if (!customers.TryGetValue(main, out var customer))
            customers.Add(main, customer = new(main, person));
        customer.Has(person);
        return customer;
    }
}
