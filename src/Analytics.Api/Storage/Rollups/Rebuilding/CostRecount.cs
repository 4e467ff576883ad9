using Analytics.Sketches;
using Analytics.Storage.Business;
using Analytics.Storage.Facts;
using Analytics.Storage.Sales;
using Npgsql;

namespace Analytics.Storage.Rollups.Rebuilding;

/// <summary>Counts what raw events cost and bring, and nothing else of them: a question cuts a quarter hour that has many events.</summary>
sealed class CostRecount(RawCount count)
{
    const string EventsSql = $"""
        select e.type, coalesce(e.person, 0), e.timestamp, e.id, coalesce(e.share, 0), e.subscription, coalesce(e.cost_key, -1),
            {NarrowMetadata.OfCost}
        from events e
        where e.workspace_id = $1
          and e.timestamp >= $2
          and e.timestamp < $3
          and (e.cost_key is not null or e.type = any($4))
        """;

    static ReadOnlySpan<byte> NothingElse => "{}"u8;

    public async Task RunAsync(CancellationToken cancel)
    {
        var sales = new CommitSales { From = count.From, To = count.To };
        var counted = await SalesRecount.OpenAsync(sales, count.Reading, count.Workspace, cancel);
        await count.Reading.EachForAsLongAsItTakesAsync(
            EventsSql, [count.Workspace, count.FromTime, count.ToTime, counted.PayingTypes], row => Add(counted, row), cancel);
        var texts = new TextNumbers(
            count.Reading, count.Workspace, await KeyHash.KeyOfAsync(count.Reading, count.Workspace, cancel), new KnownTexts());
        var plain = new Dictionary<int, int>();
        await new PlainKeys(count.Reading, count.Workspace, texts, plain, adds: false).LearnAsync(sales.CostKeys, cancel);
        sales.CountCosts(plain);
        foreach (var section in sales.Costs)
            await count.Add(section.Section, section.Pack(new ByteWriter(), out _));
    }

    static void Add(SalesRecount counted, NpgsqlDataReader row)
    {
        var (timestamp, cost) = (row.Microseconds(2), NarrowMetadata.CostIn(row, 7));
        var named = new CostCount(row.GetInt32(4), row.GetFieldValue<Guid?>(5) ?? Guid.Empty, row.GetInt32(6), timestamp, 1, cost);
        counted.Add(row.GetInt32(0), row.GetInt32(1), new Moment(timestamp, row.GetGuid(3)), named, NothingElse);
    }
}
