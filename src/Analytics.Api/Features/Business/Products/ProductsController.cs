using Analytics.Contract;
using Analytics.Http;
using Analytics.Http.OpenApi;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Business.Products;

/// <summary>Products of a workspace: what its events and requests name.</summary>
[ApiController, CamelCase, Route("api/v1/products")]
sealed class ProductsController(AnalyticsDb db, ProductChanges changes) : ControllerBase
{
    /// <summary>Makes a product, of which the workspace has at most 100. A taken key answers 409.</summary>
    [HttpPost, RequireScope(Scopes.ReportsWrite), ProducesResponseType<ProductAnswer>(201)]
    [Example(Request = ExampleOfNew, Answer = ExampleOfOne)]
    public async Task<IActionResult> CreateProduct(NewProduct request, CancellationToken cancel)
    {
        var product = await changes.AddAsync(HttpContext.Workspace, request, cancel);
        return StatusCode(201, ProductAnswer.Of(product));
    }

    /// <summary>The workspace's products.</summary>
    [HttpGet, RequireScope(Scopes.StatsRead, OfCustomer = true), Paged("key", "key", "name", "type", "createdAt")]
    [Example(Answer = $$$"""{"data":[{{{ExampleOfOne}}}],"meta":{"nextCursor":null}}""")]
    public Task<Page<ProductAnswer>> ListProducts(CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace.Key;
        return new Keyset<Product, string>(product => product.Key)
            .By("key", product => product.Key).By("name", product => product.Name).By("type", product => product.Type)
            .By("createdAt", product => product.CreatedAt)
            .PageAsync(
                db.Set<Product>().AsNoTracking().Where(product => product.WorkspaceKey == workspace), HttpContext.Paging, ProductAnswer.Of,
                cancel);
    }

    /// <summary>A product.</summary>
    /// <param name="key">The product's key.</param>
    /// <param name="cancel">Ends the reading.</param>
    [HttpGet("{key}"), RequireScope(Scopes.StatsRead, OfCustomer = true), Example(Answer = ExampleOfOne)]
    public async Task<ProductAnswer> GetProduct(string key, CancellationToken cancel)
    {
        var workspace = HttpContext.Workspace.Key;
        var product = await db.Set<Product>().AsNoTracking()
            .FirstOrDefaultAsync(product => product.WorkspaceKey == workspace && product.Key == key, cancel);
        return ProductAnswer.Of(product ?? throw ProblemException.NotFound());
    }

    /// <summary>Changes a product's name or type: absent members stay. What was counted by its type is counted by the new one.</summary>
    /// <param name="key">The product's key.</param>
    /// <param name="request">What changes.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpPatch("{key}"), RequireScope(Scopes.ReportsWrite), Example(Request = """{"name":"Shop API"}""", Answer = ExampleOfOne)]
    public async Task<ProductAnswer> UpdateProduct(string key, ProductChange request, CancellationToken cancel) =>
        ProductAnswer.Of(await changes.ChangeAsync(HttpContext.Workspace, key, request, cancel));

    /// <summary>Deletes a product. What names its key keeps counting under the key.</summary>
    /// <param name="key">The product's key.</param>
    /// <param name="cancel">Ends with the request.</param>
    [HttpDelete("{key}"), RequireScope(Scopes.ReportsWrite), ProducesResponseType(204)]
    public async Task<IActionResult> DeleteProduct(string key, CancellationToken cancel)
    {
        await changes.DeleteAsync(HttpContext.Workspace, key, cancel);
        return NoContent();
    }

    const string ExampleOfNew = """{"key":"shop-api","name":"Shop API","type":"API"}""";

    const string ExampleOfOne = """{"key":"shop-api","name":"Shop API","type":"API","createdAt":"2026-03-11T09:30:00Z"}""";
}
