using Analytics.Storage.Shares;
using Npgsql;

namespace Analytics.Storage.Rollups;

/// <summary>
/// What a workspace's raw events add to the activity, event by event, given what is known of its shares and payments. Some
/// hundred bytes a share or payment: a recount holds those of a whole workspace.
/// </summary>
sealed class ActivityRecount
{
    readonly CommitSales table;
    readonly long since;
    readonly Dictionary<int, Share> shares;
    readonly Dictionary<Guid, Payment> payments = [];
    readonly Dictionary<Guid, Share> creations = [];
    readonly Dictionary<Guid, Share> ends = [];
    readonly Dictionary<int, ShareEventKind> kinds;

    ActivityRecount(
        CommitSales table, long since, Dictionary<int, Share> shares, List<Payment> all, Dictionary<int, ShareEventKind> kinds)
    {
        (this.table, this.since, this.shares, this.kinds) = (table, since, shares, kinds);
        foreach (var share in shares.Values)
        {
            if (share.Creation is { } creation)
                creations.Add(creation.Moment.Id, share);
            if (share.EndingEvent is { } end)
                ends.Add(end.Id, share);
        }

        foreach (var payment in all)
        {
            if (payment.Completion is { } paid)
                payments.Add(paid.Moment.Id, payment);
            foreach (var refund in payment.Refunds.Keys)
                payments.Add(refund.Id, payment);
        }
    }

    /// <summary>A recount of everything since a time; what was before is kept as it is.</summary>
    public static async Task<ActivityRecount> OpenAsync(
        CommitSales table, NpgsqlConnection reading, int workspace, long since, CancellationToken cancel)
    {
        var (shares, payments) = await new ShareStore(reading, workspace).AllAsync(cancel);
        var found = new Dictionary<int, ShareEventKind>();
        await using var command = new NpgsqlCommand("select type, name from event_types where workspace_id = $1", reading);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = workspace });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            if (ShareEvent.KindOf(reader.GetString(1)) is var kind and not ShareEventKind.Other)
                found.Add(reader.GetInt32(0), kind);
        return new ActivityRecount(table, since, shares, payments, found);
    }

    /// <summary>Adds an event; <paramref name="share"/> and <paramref name="person"/> as it names them, 0 for none.</summary>
    public void Add(int type, int share, int person, Moment moment, Int128 cost, ReadOnlySpan<byte> metadata)
    {
        var kind = kinds.GetValueOrDefault(type);
        if (kind == ShareEventKind.Refunded && payments.TryGetValue(moment.Id, out var refunded))
            refunded.AddRefund(moment, table, PersonOf, 1);
        else if (share > 0)
            ShareCount.Of(kind, person, moment.At, cost, metadata).AddTo(table, shares[share], 1);
        if (kind == ShareEventKind.Paid && payments.TryGetValue(moment.Id, out var paid))
            paid.AddCompletion(table, PersonOf, 1);
        if (kind == ShareEventKind.Created && creations.TryGetValue(moment.Id, out var created))
            created.AddCreation(table, 1, since);
        if (kind is ShareEventKind.Completed or ShareEventKind.Expired && ends.TryGetValue(moment.Id, out var ended))
            ended.AddEnd(table, 1);
    }

    /// <summary>Adds the shares that end by themselves.</summary>
    public void AddExpiries()
    {
        foreach (var share in shares.Values)
            if (share.ExpiryAt >= since)
                share.AddExpiry(table, 1);
    }

    int PersonOf(int share) => share == 0 ? 0 : shares[share].Person;
}
