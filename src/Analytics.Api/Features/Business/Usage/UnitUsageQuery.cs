using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.People;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Analytics.Time;
using Npgsql;

namespace Analytics.Features.Business.Usage;

/// <summary>What every unit comes to in a period and the one before, over time, and by customer: in one snapshot.</summary>
sealed class UnitUsageQuery(NpgsqlDataSource store, TimeProvider clock)
{
    const int MostCustomers = 100;
    const int MostThreads = 2;

    public async Task<UnitUsageAnswer> AnswerAsync(
        Workspace workspace, Customer? boundTo, UnitUsageRequest request, CancellationToken cancel)
    {
        var period = new BusinessTimes(request, workspace, clock.GetStoreNow()).Read();
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        await using var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, UsageReading.Rollups);
        var units = await AskedUnits.ReadAsync(snapshot, workspace.Key, read.Cancel);
        var visible = await PeopleLookup.VisibleAsync(read.Connection, workspace.Key, boundTo, read.Cancel);
        using var question = new Question(snapshot, workspace, units, period, visible);
        await question.ReadAsync(read.Cancel);
        return new(workspace.Id, PeriodAnswer.Of(period), await question.AnswerAsync(read.Cancel));
    }

    /// <summary>A range as one bucket; none when nothing is in it.</summary>
    internal static Bucket[] Whole(TimeRange range) => range.IsEmpty ? [] : [new Bucket(range.From, range.To, range.From, range.To)];

    sealed class Question(RollupSnapshot snapshot, Workspace workspace, AskedUnits units, AskedPeriod period, int[]? visible) : IDisposable
    {
        readonly UsageReading usage = new(snapshot, workspace.Key, units);
        // By the units' places.
        readonly UnitTotal[][] trends = [.. units.All.Select(unit => period.Buckets.Select(_ => New(unit)).ToArray())];
        readonly UnitTotal[] before = [.. units.All.Select(New)];
        readonly Dictionary<int, UnitTotal>[] people = [.. units.All.Select(_ => new Dictionary<int, UnitTotal>())];
        UsageOfPeople? everybody;

        public async Task ReadAsync(CancellationToken cancel)
        {
            var linked = await snapshot.LinkedPeopleAsync(cancel);
            await ReadAsync(period.Buckets, (bucket, used, _, cell) => Each(used, unit => trends[unit.Place][bucket].Add(cell)), cancel);
            await ReadAsync(Whole(period.Previous), (_, used, _, cell) => Each(used, unit => before[unit.Place].Add(cell)), cancel);
            await usage.ReadUnreadyAsync(
                Whole(period.Previous), visible, (_, used, _, cell) => Each(used, unit => before[unit.Place].Add(cell)), cancel);
            await usage.ReadUnreadyAsync(period.Buckets, visible, (bucket, used, person, cell) => Each(used, unit =>
            {
                trends[unit.Place][bucket].Add(cell);
                if (person != 0)
                    TotalOf(unit, linked.MainOf(person)).Add(cell);
            }), cancel);
            if (visible is not null)
                await usage.ReadOfAsync(Whole(period.Range), visible, (_, used, person, cell) =>
                    Each(used, unit => TotalOf(unit, linked.MainOf(person)).Add(cell)), cancel);
            else
                everybody = await usage.ReadPeopleAsync(Whole(period.Range), linked, cancel);
        }

        public async Task<IReadOnlyList<UnitUsage>> AnswerAsync(CancellationToken cancel)
        {
            var top = ByPerson().Select(some => some.InOrder().ConvertAll(one => (Person: one.Item, one.Rank.Units))).ToList();
            var names = await CustomerNames.OfAsync(
                snapshot.Connection, workspace.Key, top.SelectMany(some => some).Select(one => one.Person), cancel);
            return [.. units.All.Select(unit => AnswerOf(unit, top[unit.Place], names))];
        }

        public void Dispose() => everybody?.Dispose();

        Task ReadAsync(IReadOnlyList<Bucket> buckets, UsageReading.Take take, CancellationToken cancel) => visible is null
            ? usage.ReadAsync(buckets, take, cancel)
            : usage.ReadOfAsync(buckets, visible, take, cancel);

        static void Each(AskedUsage used, Action<AskedUnit> add)
        {
            foreach (var unit in used.Units)
                add(unit);
        }

        // Of each unit, by its place.
        Foremost<int, (Int128 Units, int Person)>[] ByPerson()
        {
            var (top, told) = (NoneYet(), new HashSet<(int Place, int Person)>());
            if (everybody is not null)
            {
                var shares = Math.Min(Environment.ProcessorCount, MostThreads);
                Parallel.For(0, shares, share =>
                {
                    var (own, ownTold) = ByPerson(everybody, share, shares);
                    lock (top)
                    {
                        foreach (var (place, some) in own.Index())
                            top[place].Add(some);
                        told.UnionWith(ownTold);
                    }
                });
            }

            // Whoever used what is counted from raw events only: mostly there are none, for all units are ready.
            foreach (var (place, others) in people.Index())
                foreach (var (person, other) in others)
                    if (!told.Contains((place, person)))
                        top[place].Add(person, (other.Value.Units, person));
            return top;
        }

        // One total serves for all people, one by one. Also those who used something that is counted from raw events, too.
        (Foremost<int, (Int128 Units, int Person)>[] Top, HashSet<(int Place, int Person)> Told) ByPerson(
            UsageOfPeople everybody, int share, int shares)
        {
            var (top, told) = (NoneYet(), new HashSet<(int Place, int Person)>());
            var totals = units.All.Select(New).ToArray();
            var used = new HashSet<int>();
            everybody.Each(share, shares, (person, own) =>
            {
                foreach (var (together, cell) in own)
                    foreach (var unit in together)
                    {
                        if (used.Add(unit.Place))
                            totals[unit.Place].Clear();
                        totals[unit.Place].Add(cell);
                    }

                foreach (var place in used)
                {
                    if (people[place].TryGetValue(person, out var other))
                    {
                        totals[place].Add(other);
                        told.Add((place, person));
                    }

                    top[place].Add(person, (totals[place].Value.Units, person));
                }

                used.Clear();
            });
            return (top, told);
        }

        // The largest first, of equals the smaller number.
        Foremost<int, (Int128 Units, int Person)>[] NoneYet() =>
            [.. units.All.Select(_ => new Foremost<int, (Int128 Units, int Person)>(MostCustomers, (one, other) =>
                one.Units != other.Units ? other.Units.CompareTo(one.Units) : one.Person.CompareTo(other.Person)))];

        UnitTotal TotalOf(AskedUnit unit, int person)
        {
            if (!people[unit.Place].TryGetValue(person, out var total))
                people[unit.Place].Add(person, total = New(unit));
            return total;
        }

        UnitUsage AnswerOf(AskedUnit unit, List<(int Person, Int128 Units)> top, Dictionary<int, CustomerName> names)
        {
            var whole = New(unit);
            foreach (var bucket in trends[unit.Place])
                whole.Add(bucket);
            var (total, previous) = (whole.Value, before[unit.Place].Value);
            return new(
                unit.Key, unit.Name, unit.UnitLabel, unit.Counted.Aggregation.Word(), total, previous, ChangeOf(total, previous),
                [.. period.Buckets.Select((bucket, at) => UsagePoint.Of(period, bucket, trends[unit.Place][at].Value))],
                [.. top.Select(one => CustomerOf(names[one.Person], new(one.Units), total))]);
        }

        static UnitCustomer CustomerOf(CustomerName who, ExactNumber part, ExactNumber whole) =>
            new(who.Id, who.ExternalId, who.Name, part, ExactNumber.Percent(part.Units, whole.Units));

        static UnitTotal New(AskedUnit unit) => new(unit.Counted.Aggregation);
    }

    /// <summary>How much more a number is than another, in percent; null against 0.</summary>
    internal static ExactNumber? ChangeOf(ExactNumber now, ExactNumber before) =>
        before.Units == 0 ? null : ExactNumber.Percent(now.Units - before.Units, Int128.Abs(before.Units));
}
