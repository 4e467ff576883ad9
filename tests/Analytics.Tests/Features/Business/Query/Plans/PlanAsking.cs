using System.Text.Json;
using Analytics.Features.Business.Query;
using Analytics.Features.Business.Query.Plans;
using Analytics.Features.Business.Query.Raw;
using Analytics.Sharing;
using Analytics.Storage;
using Analytics.Storage.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Analytics.Tests.Features.Business.Query.Plans;

/// <summary>Asks a question both ways: of rollups, and of raw facts whatever rollups say.</summary>
sealed class PlanAsking(AnalyticsApi api, Workspace workspace)
{
    // So that none is answered in part.
    static readonly TimeSpan Budget = TimeSpan.FromMinutes(1);

    public Workspace Workspace => workspace;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Workspace> WorkspaceOfAsync(AnalyticsApi api, WorkspaceClient client)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AnalyticsDb>().Set<Workspace>().AsNoTracking()
            .SingleAsync(one => one.Id == client.Id, Cancel);
    }

    public async Task<Customer> CustomerOfAsync(Guid id)
    {
        await using var scope = api.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AnalyticsDb>().Set<Customer>().AsNoTracking()
            .SingleAsync(one => one.WorkspaceKey == workspace.Key && one.Id == id, Cancel);
    }

    /// <summary>Null where no rollup answers.</summary>
    public Task<QueryGroups?> PlannedAsync(AskedQuery query) => new QueryPlans(api.Store).GroupsAsync(workspace, query, query.Range, Cancel);

    public async Task<QueryGroups> RawAsync(AskedQuery query)
    {
        var groups = await new RawScan(api.Store, new Turns("raw scans", 2, TimeProvider.System), TimeProvider.System)
            .GroupsAsync(workspace, query, query.Range, Budget, Cancel);
        Assert.Null(groups.ScannedFrom);
        return groups;
    }

    /// <summary>The answer; null where no rollup gives it.</summary>
    public async Task<string?> PlannedTextAsync(AskedQuery query) => await PlannedAsync(query) is { } groups ? Text(query, groups) : null;

    public async Task<string> RawTextAsync(AskedQuery query) => Text(query, await RawAsync(query));

    static string Text(AskedQuery query, QueryGroups groups) => JsonSerializer.Serialize(QueryAnswer.Of(query, groups), Analytics.Http.Json.Camel);
}
