using Analytics.Contract;
using Analytics.Http;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Features.Customers;

/// <summary>Customers of a workspace: the people and companies its events are about.</summary>
[ApiController, Route("api/customers")]
sealed class CustomersController(AnalyticsDb db, CustomerChanges changes, TimeProvider time) : ControllerBase
{
    /// <summary>Makes a customer. Events that already carry its external id are its own from then on; a taken one answers 409.</summary>
    [HttpPost, RequireScope(Scopes.CustomersWrite), ProducesResponseType<CustomerAnswer>(201)]
    public async Task<IActionResult> Create(NewCustomer request, CancellationToken cancel)
    {
        var now = time.GetStoreNow();
        var customer = new Customer
        {
            WorkspaceKey = HttpContext.Workspace.Key,
            Id = Guid.CreateVersion7(now),
            ExternalId = request.ExternalId,
            Name = request.Name,
            Email = request.Email,
            Metadata = CustomerRules.Stored(request.Metadata),
            CreatedAt = now,
            UpdatedAt = now,
        };
        await changes.AddAsync(HttpContext.Workspace, customer, cancel);
        return Created($"{Request.PathBase}/api/customers/{customer.Id}", CustomerAnswer.Of(customer));
    }

    /// <summary>A customer.</summary>
    [HttpGet("{id}"), RequireScope(Scopes.EventsRead, OfCustomer = true)]
    public async Task<CustomerAnswer> Get(Guid id, CancellationToken cancel) =>
        CustomerAnswer.Of(await Visible().FirstOrDefaultAsync(c => c.Id == id, cancel) ?? throw ProblemException.NotFound());

    /// <summary>The workspace's customers.</summary>
    [HttpGet, RequireScope(Scopes.EventsRead, OfCustomer = true)]
    [Paged("-created_at", "created_at", "updated_at", "name", "email", "external_id", "id")]
    public Task<Page<CustomerAnswer>> List([FromQuery] CustomersRequest request, CancellationToken cancel) =>
        new Keyset<Customer, Guid>(c => c.Id)
            .By("created_at", c => c.CreatedAt).By("updated_at", c => c.UpdatedAt).By("name", c => c.Name)
            .By("email", c => c.Email).By("external_id", c => c.ExternalId).By("id", c => c.Id)
            .PageAsync(request.Passing(Visible()), HttpContext.Paging, CustomerAnswer.Of, cancel);

    /// <summary>
    /// Changes a customer: absent members stay, null clears. A taken external id answers 409; a customer-bound key changes none.
    /// </summary>
    [HttpPatch("{id}"), RequireScope(Scopes.CustomersWrite, OfCustomer = true)]
    public async Task<CustomerAnswer> Update(Guid id, CustomerChange request, CancellationToken cancel)
    {
        if (HttpContext.BoundCustomer is { } bound)
            RequireOwn(bound, id, request);
        return CustomerAnswer.Of(await changes.ChangeAsync(HttpContext.Workspace, id, request, cancel));
    }

    IQueryable<Customer> Visible()
    {
        var workspace = HttpContext.Workspace.Key;
        var bound = HttpContext.BoundCustomer?.Id;
        return db.Set<Customer>().AsNoTracking().Where(c => c.WorkspaceKey == workspace && (bound == null || c.Id == bound));
    }

    // Under another external id the key would be somebody else's: whoever is known by that id and by nothing else.
    static void RequireOwn(Customer bound, Guid id, CustomerChange request)
    {
        if (bound.Id != id)
            throw ProblemException.NotFound();
        if (request.ExternalId.IsSet)
            throw ProblemException.Forbidden("The key is bound to one customer; which one that is, its external id, is not its to change.");
    }
}
