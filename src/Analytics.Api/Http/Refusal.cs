using Analytics.Contract;

namespace Analytics.Http;

/// <summary>
/// How routes word their refusals whose sources know no problem documents: put one of these on the controller or the action, and all
/// refusals of its routes look like that, also those that come before the action.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
abstract class RefusalAttribute : Attribute
{
    /// <summary>What the body looks like, for the OpenAPI document.</summary>
    public abstract Type Body { get; }

    /// <summary>Writes the body; the status and its headers are set.</summary>
    public abstract Task WriteAsync(HttpContext http, ProblemException problem);
}
