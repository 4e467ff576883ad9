using System.Collections.Concurrent;
using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Schema;

namespace Analytics.AppDatabases;

/// <summary>What the tables of an app take.</summary>
/// <param name="Bytes">Of all its tables with their indexes, those that are not shown too.</param>
/// <param name="Tables">How many are shown: pieces of partitioned ones too, views and <c>_migrations</c> not.</param>
sealed record AppSize(long Bytes, int Tables);

/// <summary>How much apps take in their Postgres workspaces, in two seconds whatever these are busy with.</summary>
sealed class AppSizes(AppReading reading, SizedTables tables)
{
    const int MostApps = 10_000;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.8);
    static readonly AppSize Nothing = new(0, 0);

    readonly ConcurrentDictionary<Guid, AppSize> lastKnown = [];

    /// <summary>
    /// Nothing for an app without a workspace, or whose database somebody dropped. When it does not answer the size that was last known
    /// stands; <see cref="TimeoutException"/> when there is none.
    /// </summary>
    public async Task<AppSize> OfAsync(App app, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            return Remember(app, await reading.ReadAsync(app, Nothing, async (reader, place, stop) =>
            {
                var all = await tables.OfAsync(reader, place, stop);
                return new AppSize(all.Sum(table => table.Bytes), all.Count(table => table.IsShown));
            }, patience.Token));
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && IsBusy(e))
        {
            return lastKnown.GetValueOrDefault(app.Id) ?? throw new TimeoutException("The app's database does not answer.", e);
        }
    }

    static bool IsBusy(Exception e) => e is OperationCanceledException or ProblemException { Status: 503 } || StoreAway.Is(e);

    AppSize Remember(App app, AppSize size)
    {
        if (lastKnown.Count >= MostApps)
            lastKnown.Clear();
        return lastKnown[app.Id] = size;
    }
}
