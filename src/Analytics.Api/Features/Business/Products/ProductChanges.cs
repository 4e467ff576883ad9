using Analytics.Contract;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Business.Products;

/// <summary>Writes products, under their workspace's lock: so they are counted before one is added.</summary>
sealed class ProductChanges(AnalyticsDb db, TimeProvider time)
{
    const int MostProducts = 100;

    public async Task<Product> AddAsync(Workspace workspace, NewProduct request, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await db.LockAsync(workspace.Key, cancel))
            throw ProblemException.NotFound();
        if (await Of(workspace).AnyAsync(product => product.Key == request.Key, cancel))
            throw ProblemException.Conflict("/key", "Another product of the workspace has this key.");
        if (await Of(workspace).CountAsync(cancel) >= MostProducts)
            throw ProblemException.Conflict("", $"A workspace has at most {MostProducts} products.");
        var added = new Product
        {
            WorkspaceKey = workspace.Key,
            Key = request.Key!,
            Name = request.Name!,
            Type = request.Type!,
            CreatedAt = time.GetStoreNow(),
        };
        db.Set<Product>().Add(added);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return added;
    }

    public async Task<Product> ChangeAsync(Workspace workspace, string key, ProductChange request, CancellationToken cancel)
    {
        var changed = await Of(workspace).FirstOrDefaultAsync(product => product.Key == key, cancel) ?? throw ProblemException.NotFound();
        changed.Name = request.Name ?? changed.Name;
        changed.Type = request.Type ?? changed.Type;
        await db.SaveChangesAsync(cancel);
        return changed;
    }

    public async Task DeleteAsync(Workspace workspace, string key, CancellationToken cancel)
    {
        if (await Of(workspace).Where(product => product.Key == key).ExecuteDeleteAsync(cancel) == 0)
            throw ProblemException.NotFound();
    }

    IQueryable<Product> Of(Workspace workspace) => db.Set<Product>().Where(product => product.WorkspaceKey == workspace.Key);
}
