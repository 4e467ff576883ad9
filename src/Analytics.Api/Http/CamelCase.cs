using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Analytics.Http;

/// <summary>Routes whose sources speak camelCase: their answers do too.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class CamelCaseAttribute : Attribute, IResultFilter
{
    static readonly SystemTextJsonOutputFormatter Formatter = new(Json.Camel);

    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is ObjectResult answer)
            answer.Formatters.Add(Formatter);
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
