using Analytics.Contract;
using Analytics.Http;
using Analytics.Tenancy;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Analytics.Features.Business.Reports;

/// <summary>A report that the caller does not see is told to be none before anything is said of the body.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class ReportInPathAttribute : Attribute, IAsyncActionFilter, IOrderedFilter
{
    public int Order => ValidRequests.Order - 1;

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var http = context.HttpContext;
        var reports = http.RequestServices.GetRequiredService<ReportsQuery>();
        if (context.ActionArguments.TryGetValue("id", out var id)
            && await reports.FindAsync(http.Workspace, (Guid)id!, http.RequestAborted) is null)
            throw ProblemException.NotFound();
        await next();
    }
}
