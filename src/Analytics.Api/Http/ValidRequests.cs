using System.Collections.Concurrent;
using Analytics.Contract;
using FluentValidation;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Analytics.Http;

/// <summary>Runs the validator of every argument and reports all problems of a request together, binding's included.</summary>
sealed class ValidRequests(IServiceProvider services) : IAsyncActionFilter
{
    public const int Order = -1000;

    /// <summary>More are not told: whoever sent them knows by then.</summary>
    const int MostProblems = 1_000;
    static readonly ConcurrentDictionary<Type, Type> Validators = new();

    /// <summary>The request that rules are asked for, for those that depend on more than what was sent; null outside of one.</summary>
    public static HttpContext? RequestOf(IDictionary<string, object> context) =>
        context.TryGetValue(nameof(HttpContext), out var http) ? (HttpContext)http : null;

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var naming = Naming.Of(context.HttpContext);
        var unread = Binding(context, naming).ToList();
        var problems = unread.ToList();
        foreach (var parameter in context.ActionDescriptor.Parameters)
            if (context.ActionArguments.TryGetValue(parameter.Name, out var argument) && argument is not null)
                problems.AddRange((await ProblemsOfAsync(
                    argument, parameter.BindingInfo?.BindingSource == BindingSource.Body, naming, context.HttpContext))
                    .Where(problem => !IsForUnread(problem)));
        if (problems.Count > 0)
            throw ProblemException.Invalid([.. problems.DistinctBy(problem => problem.Pointer).Take(MostProblems)]);
        await next();

        // What could not be read is left out with all around it: that is not missed.
        bool IsForUnread(Problem problem) => problem.Code == "required"
            && unread.Exists(one => one.Pointer.StartsWith(problem.Pointer + "/", StringComparison.Ordinal));
    }

    static IEnumerable<Problem> Binding(ActionExecutingContext context, Naming naming)
    {
        var body = context.ActionDescriptor.Parameters.FirstOrDefault(p => p.BindingInfo?.BindingSource == BindingSource.Body)?.Name;
        // A body that could not be read is also said to be missing: once is enough.
        var isUnreadable = context.ModelState.Any(entry => entry.Key.StartsWith('$'));
        var entries = context.ModelState.Where(entry => entry.Key != body || !isUnreadable);
        foreach (var (key, entry) in entries)
        {
            if (entry!.AttemptedValue?.Contains('\0') == true)
                yield return new Problem(ParameterOf(key, naming), "text", "Must not hold a NUL.");
            foreach (var error in entry.Errors)
                yield return key.StartsWith('$') || key.Length == 0 || key == body
                    ? new Problem(key == body ? "" : key.TrimStart('$'), "json", Sentence(error))
                    : new Problem(ParameterOf(key, naming), "invalid", Sentence(error));
        }
    }

    // A parameter that is sent again is no list with places: it is called by its name.
    static string ParameterOf(string property, Naming naming) => naming.NameOf(property.Split('[')[0]);

    static string Sentence(ModelError error) =>
        error.ErrorMessage is { Length: > 0 } message && !message.Contains("System.", StringComparison.Ordinal)
            && !message.Contains("Analytics.", StringComparison.Ordinal)
            ? message
            : "The value has the wrong type.";

    async Task<IEnumerable<Problem>> ProblemsOfAsync(object argument, bool isBody, Naming naming, HttpContext http)
    {
        var type = Validators.GetOrAdd(argument.GetType(), static of => typeof(IValidator<>).MakeGenericType(of));
        if (services.GetService(type) is not IValidator validator)
            return [];
        var context = new ValidationContext<object>(argument);
        context.RootContextData[nameof(HttpContext)] = http;
        var result = await validator.ValidateAsync(context, http.RequestAborted);
        return result.Errors.Select(error => new Problem(
            isBody ? JsonPointer.OfProperty(error.PropertyName, naming) : ParameterOf(error.PropertyName, naming),
            error.ErrorCode, error.ErrorMessage));
    }
}
