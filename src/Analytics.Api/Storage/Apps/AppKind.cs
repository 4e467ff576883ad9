using Analytics.Sketches;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Apps;

/// <summary>Views, devices, downloads and changes of storage of apps.</summary>
sealed class AppKind() : FactKind("app_facts", AppFacts.Views, AppFacts.Devices, AppFacts.Traffic)
{
    const string FactsSql = """
        select kind, timestamp, app, subject, coalesce(amount, 0)
        from app_facts
        where workspace_id = $1
          and timestamp >= $2
          and timestamp < $3
        """;

    public override async Task RecountAsync(RawCount count, CancellationToken cancel)
    {
        if (count.Fields is not null)
            return; // those are of events
        var counted = new AppCount();
        await count.EachAsync(
            FactsSql,
            row => counted.Add((AppFact)row.GetInt16(0), row.Microseconds(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4)),
            () => GiveAsync(count, counted), cancel);
    }

    static async Task GiveAsync(RawCount count, AppCount counted)
    {
        foreach (var facts in counted.Sections.Where(facts => count.Only is null || count.Only == facts.Section))
            if (facts.Pack(new ByteWriter(), out var packed) is var delta && packed > 0)
                await count.Add(facts.Section, delta);
        counted.Clear();
    }
}
