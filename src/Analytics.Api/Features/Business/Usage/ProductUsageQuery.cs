using Analytics.Contract;
using Analytics.Http;
using Analytics.Reading;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Cells;
using Analytics.Storage.Facts;
using Analytics.Storage.Rollups;
using Analytics.Storage.Rollups.Reading;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Features.Business.Usage;

/// <summary>How much of each product was used, by events and requests that name it, in one snapshot.</summary>
sealed class ProductUsageQuery(NpgsqlDataSource store, TimeProvider clock)
{
    const int MostPoints = 250_000;

    static readonly Rollup[] Rollups = [UsageRollups.Usage, UsageRollups.ProductEvents, UsageRollups.ProductRequests];

    public async Task<ProductUsageAnswer> AnswerAsync(Workspace workspace, ProductUsageRequest request, CancellationToken cancel)
    {
        var period = new BusinessTimes(request, workspace, clock.GetStoreNow()).Read();
        await using var read = await BoundedRead.OpenAsync(store, cancel);
        await using var snapshot = await RollupSnapshot.WithinAsync(read, workspace.Key, Rollups);
        var units = await AskedUnits.ReadAsync(snapshot, workspace.Key, read.Cancel);
        var question = new Question(snapshot, workspace, units, period);
        await question.ReadAsync(read.Cancel);
        return question.Answer();
    }

    /// <summary>How often a product was named, bucket by bucket.</summary>
    sealed class Named(int buckets)
    {
        public long[] Events { get; } = new long[buckets];
        public long[] Requests { get; } = new long[buckets];

        public void Add(Named other)
        {
            for (var bucket = 0; bucket < buckets; bucket++)
            {
                Events[bucket] += other.Events[bucket];
                Requests[bucket] += other.Requests[bucket];
            }
        }
    }

    sealed class Question(RollupSnapshot snapshot, Workspace workspace, AskedUnits units, AskedPeriod period)
    {
        // A type is known by its word; keys that are no products by none.
        readonly UnitTotals<(string? Product, string Type)> usage = new(units);
        readonly Dictionary<string, Named> named = new(StringComparer.Ordinal);

        public async Task ReadAsync(CancellationToken cancel)
        {
            var reading = new UsageReading(snapshot, workspace.Key, units);
            await reading.ReadAsync(UnitUsageQuery.Whole(period.Range), Take, cancel);
            await reading.ReadUnreadyProductsAsync(UnitUsageQuery.Whole(period.Range), Take, cancel);
            await ReadAsync(UsageRollups.ProductEvents, EventTextsAsync, of => of.Events, cancel);
            await ReadAsync(UsageRollups.ProductRequests, RequestTextsAsync, of => of.Requests, cancel);
        }

        void Take(int bucket, AskedUsage used, int person, Cell cell)
        {
            if (used.Product is not { } product)
                return;
            var type = units.TypeOf(product) ?? "";
            usage.Add((product, type), used, cell);
            usage.Add((null, type), used, cell);
        }

        public ProductUsageAnswer Answer()
        {
            foreach (var product in units.Products)
                Of(product.Key);
            CountTogether();
            if ((long)named.Count * period.Buckets.Count > MostPoints)
                throw new ProblemException(
                    400, $"The trends of {named.Count} products have more than {MostPoints} points: ask about a shorter time.");
            var names = units.Products.ToDictionary(product => product.Key, product => product.Name, StringComparer.Ordinal);
            var all = named.Values.Sum(Uses);
            var products = named.OrderByDescending(product => Uses(product.Value)).ThenBy(product => product.Key, StringComparer.Ordinal)
                .Select(product => ProductOf(product.Key, names.GetValueOrDefault(product.Key, product.Key), product.Value, all)).ToList();
            var types = products.GroupBy(product => product.Type).OrderBy(type => type.Key is null)
                .ThenBy(type => type.Key, StringComparer.Ordinal);
            return new(products, [.. types.Select(type => TypeOf(type.Key, [.. type], all))]);
        }

        // Events have room for so many keys, requests may name any: of those that they alone name the most used are told apart.
        void CountTogether()
        {
            var rest = named
                .Where(product => product.Key != TextRoom.Other && product.Value.Events.Sum() == 0 && units.TypeOf(product.Key) is null)
                .OrderByDescending(product => Uses(product.Value)).ThenBy(product => product.Key, StringComparer.Ordinal)
                .Skip(TextRoom.Most).ToList();
            foreach (var (product, of) in rest)
            {
                Of(TextRoom.Other).Add(of);
                named.Remove(product);
            }
        }

        UsedProduct ProductOf(string key, string name, Named of, long all)
        {
            var type = units.TypeOf(key);
            return new(
                key, name, type, usage.Of((key, type ?? "")), of.Events.Sum(), of.Requests.Sum(), ExactNumber.Percent(Uses(of), all),
                [.. period.Buckets.Select((bucket, at) => UsagePoint.Of(period, bucket, ExactNumber.Of(of.Events[at] + of.Requests[at])))]);
        }

        UsedType TypeOf(string? type, IReadOnlyList<UsedProduct> products, long all)
        {
            var (events, requests) = (products.Sum(product => product.Events), products.Sum(product => product.Requests));
            return new(type, events, requests, usage.Of((null, type ?? "")), ExactNumber.Percent(events + requests, all));
        }

        async Task ReadAsync(
            Rollup rollup, Func<IEnumerable<int>, CancellationToken, Task<Dictionary<int, string>>> textsOf, Func<Named, long[]> part,
            CancellationToken cancel)
        {
            if (period.Buckets.Count == 0)
                return;
            var counts = new Dictionary<(int Product, int Bucket), long>();
            var read = new OneCell<(int Product, int Bucket)>(
                (key, cell) => counts[key] = counts.GetValueOrDefault(key) + (long)cell[UsageFacts.Events]);
            await snapshot.ReadAsync(
                rollup, new BucketCover(period.Buckets, snapshot.Timeline, rollup), null, CellParts.Sums,
                (bucket, _, product) => read.For((product, bucket)), cancel);
            read.End();
            var texts = await textsOf(counts.Keys.Select(key => key.Product).Distinct(), cancel);
            foreach (var ((product, bucket), count) in counts)
                part(Of(texts[product]))[bucket] += count;
        }

        Named Of(string product)
        {
            if (!named.TryGetValue(product, out var of))
                named.Add(product, of = new Named(period.Buckets.Count));
            return of;
        }

        async Task<Dictionary<int, string>> EventTextsAsync(IEnumerable<int> products, CancellationToken cancel)
        {
            var texts = new Dictionary<int, string>();
            await TextLookup.OfAsync(
                snapshot.Connection, workspace.Key, TextKind.Product, [.. products], (number, text) => texts[number] = text, cancel);
            return texts;
        }

        Task<Dictionary<int, string>> RequestTextsAsync(IEnumerable<int> products, CancellationToken cancel) =>
            new RequestTexts(snapshot.Connection, workspace).OfAsync(RequestText.Product, products, cancel);

        static long Uses(Named of) => of.Events.Sum() + of.Requests.Sum();
    }
}
