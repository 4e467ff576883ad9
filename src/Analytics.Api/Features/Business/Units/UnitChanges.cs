using System.Text.Json;
using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Business;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Analytics.Features.Business.Units;

/// <summary>Has what came before new units counted: there are some.</summary>
delegate void WakeUnitBackfill();

/// <summary>
/// Writes billable units, under their workspace's lock: who holds it knows which events came before a unit, and writers count from the
/// next on.
/// </summary>
sealed class UnitChanges(AnalyticsDb db, NpgsqlDataSource store, WakeUnitBackfill wake, TimeProvider time)
{
    const int MostUnits = 100;

    public async Task<BillableUnit> AddAsync(Workspace workspace, NewUnit request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(workspace, cancel);
        await MustBeFreeAsync(workspace, request.Key!, cancel);
        if (await Living(workspace).CountAsync(cancel) >= MostUnits)
            throw ProblemException.Conflict("", $"A workspace has at most {MostUnits} billable units.");
        var added = await AddAsync(workspace, new UnitWords(
            request.Key!, request.Name!, request.UnitLabel!.Trim(), request.Aggregation!, request.EventName!, request.Field,
            request.ProductType, FiltersOf(request.Filters)), time.GetStoreNow(), cancel);
        await SaveAsync(workspace, transaction, cancel);
        return added;
    }

    public async Task<BillableUnit> ChangeAsync(Workspace workspace, string key, UnitChange request, CancellationToken cancel)
    {
        var seen = await FoundAsync(workspace, key, cancel);
        var wasUsed = await new UnitUse(store, workspace.Key).IsUsedBeforeAsync(seen.Number, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(workspace, cancel);
        var unit = await FoundAsync(workspace, key, cancel);
        unit.Name = request.Name ?? unit.Name;
        unit.UnitLabel = request.UnitLabel?.Trim() ?? unit.UnitLabel;
        var words = new UnitWords(
            request.Key ?? unit.Key, unit.Name, unit.UnitLabel, request.Aggregation ?? unit.Aggregation,
            request.EventName ?? unit.EventName, request.Field.Or(unit.Field), request.ProductType.Or(unit.ProductType),
            request.Filters is null ? unit.Filters : FiltersOf(request.Filters));
        if (!words.IsSame(unit))
        {
            if (seen.Number != unit.Number || wasUsed || await new UnitUse(store, workspace.Key).IsCountedAsync(unit.Number, cancel))
                throw ProblemException.Conflict("", "The unit has usage: only its name and unitLabel change.");
            if (UnitRules.NeedsField(words.Aggregation) && words.Field is null)
                throw ProblemException.Invalid(new Problem("/field", "required", UnitRules.FieldIsNeeded));
            if (words.Key != unit.Key)
                await MustBeFreeAsync(workspace, words.Key, cancel);
            unit.DeletedAt = time.GetStoreNow();
            // Two rows of one key: the former goes first.
            await db.SaveChangesAsync(cancel);
            unit = await AddAsync(workspace, words, unit.CreatedAt, cancel);
        }

        await SaveAsync(workspace, transaction, cancel);
        return unit;
    }

    public async Task DeleteAsync(Workspace workspace, string key, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(workspace, cancel);
        (await FoundAsync(workspace, key, cancel)).DeletedAt = time.GetStoreNow();
        await SaveAsync(workspace, transaction, cancel);
    }

    async Task<BillableUnit> AddAsync(Workspace workspace, UnitWords words, DateTimeOffset createdAt, CancellationToken cancel)
    {
        // Deleted units are counted: cells say their numbers.
        var last = await db.Set<BillableUnit>().Where(unit => unit.WorkspaceKey == workspace.Key)
            .MaxAsync(unit => (int?)unit.Number, cancel);
        var since = await db.Database.SqlQuery<long>(
            $"select seq as \"Value\" from workspace_seq where workspace_id = {workspace.Key}").SingleAsync(cancel);
        var added = new BillableUnit
        {
            WorkspaceKey = workspace.Key,
            Number = (last ?? 0) + 1,
            Key = words.Key,
            Name = words.Name,
            UnitLabel = words.UnitLabel,
            Aggregation = words.Aggregation,
            EventName = words.EventName,
            Field = words.Field,
            ProductType = words.ProductType,
            Filters = words.Filters,
            Since = since,
            Ready = since == 0,
            CreatedAt = createdAt,
        };
        db.Set<BillableUnit>().Add(added);
        return added;
    }

    async Task LockAsync(Workspace workspace, CancellationToken cancel)
    {
        if (!await db.LockAsync(workspace.Key, cancel))
            throw ProblemException.NotFound();
    }

    async Task MustBeFreeAsync(Workspace workspace, string key, CancellationToken cancel)
    {
        if (await Living(workspace).AnyAsync(unit => unit.Key == key, cancel))
            throw ProblemException.Conflict("/key", "Another billable unit of the workspace has this key.");
    }

    async Task<BillableUnit> FoundAsync(Workspace workspace, string key, CancellationToken cancel) =>
        await Living(workspace).FirstOrDefaultAsync(unit => unit.Key == key, cancel) ?? throw ProblemException.NotFound();

    IQueryable<BillableUnit> Living(Workspace workspace) =>
        db.Set<BillableUnit>().Where(unit => unit.WorkspaceKey == workspace.Key && unit.DeletedAt == null);

    /// <summary>Saves, and has writers read the units again.</summary>
    async Task SaveAsync(Workspace workspace, IDbContextTransaction transaction, CancellationToken cancel)
    {
        await db.SaveChangesAsync(cancel);
        await db.Database.ExecuteSqlAsync($"update workspace_seq set units = units + 1 where workspace_id = {workspace.Key}", cancel);
        await transaction.CommitAsync(cancel);
        wake();
    }

    static string FiltersOf(IReadOnlyList<UnitFilter?>? filters) => JsonSerializer.Serialize(filters ?? [], Json.Camel);

    /// <summary>What a unit is, however it came to be.</summary>
    sealed record UnitWords(
        string Key, string Name, string UnitLabel, string Aggregation, string EventName, string? Field, string? ProductType, string Filters)
    {
        /// <summary>Whether it is called as a stored one and counts what that does.</summary>
        public bool IsSame(BillableUnit unit) =>
            (Key, Aggregation, EventName, Field, ProductType) == (unit.Key, unit.Aggregation, unit.EventName, unit.Field, unit.ProductType)
            && JsonElement.DeepEquals(JsonElement.Parse(Filters), JsonElement.Parse(unit.Filters));
    }
}
