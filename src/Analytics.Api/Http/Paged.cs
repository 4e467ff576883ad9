using Analytics.Contract;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Analytics.Http;

/// <summary>
/// A list action: reads <c>limit</c>, <c>cursor</c> and <c>sort</c> before the action runs, which finds them in
/// <c>HttpContext.Paging</c>, and puts them into the OpenAPI document.
/// </summary>
/// <param name="defaultSort">The order without <c>sort</c>; a minus in front means descending.</param>
/// <param name="sorts">The fields a caller may sort by.</param>
[AttributeUsage(AttributeTargets.Method)]
sealed class PagedAttribute(string defaultSort, params string[] sorts) : Attribute, IActionFilter, IOrderedFilter
{
    // Before the validators, so that its problems are reported with theirs.
    public int Order => ValidRequests.Order - 1;

    public string DefaultSort { get; } = defaultSort;

    public IReadOnlyList<string> Sorts { get; } = sorts;

    public void OnActionExecuting(ActionExecutingContext context)
    {
        var problems = new List<Problem>();
        context.HttpContext.Paging = PageRequest.Read(context.HttpContext.Request.Query, DefaultSort, Sorts, problems);
        foreach (var problem in problems)
            context.ModelState.AddModelError(problem.Pointer, problem.Message);
    }

    public void OnActionExecuted(ActionExecutedContext context)
    {
    }
}

/// <summary>The page the current request asks for.</summary>
static class CurrentPage
{
    static readonly object Item = new();

    extension(HttpContext http)
    {
        public PageRequest Paging
        {
            get => (PageRequest)(http.Items[Item] ?? throw new InvalidOperationException("The action is not [Paged]."));
            set => http.Items[Item] = value;
        }
    }
}
