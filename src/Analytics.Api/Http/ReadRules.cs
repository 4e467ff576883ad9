using Analytics.Contract;
using Analytics.Storage;
using FluentValidation;
using FluentValidation.Results;

namespace Analytics.Http;

/// <summary>Rules that know whom a request asks about, and when.</summary>
static class ReadRules
{
    /// <summary>Reads the request as its action will: what that refuses is told with all else that is wrong with the request.</summary>
    public static void ReadAs<T>(this AbstractValidator<T> rules, Action<T, HttpContext, DateTimeOffset> read) =>
        rules.RuleFor(request => request).Custom((request, context) =>
        {
            if (ValidRequests.RequestOf(context.RootContextData) is not { } http)
                return;
            try
            {
                read(request, http, http.RequestServices.GetRequiredService<TimeProvider>().GetStoreNow());
            }
            catch (ProblemException refused) when (refused.Status == 400)
            {
                foreach (var (pointer, code, message) in refused.Errors)
                    context.AddFailure(new ValidationFailure(pointer, message) { ErrorCode = code });
            }
        });
}
