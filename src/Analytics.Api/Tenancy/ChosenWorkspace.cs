using Analytics.Contract;
using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>Which workspace a request means, from the credential and the names it gives.</summary>
static class ChosenWorkspace
{
    /// <summary>404 for one the caller is not in; 400 when a user of several workspaces names none.</summary>
    public static Workspace Of(HttpContext http, IReadOnlyList<Guid> named) => http.Caller switch
    {
        WorkspaceCaller key => named.All(id => id == key.Workspace.Id) ? key.Workspace : throw ProblemException.NotFound(),
        UserCaller user => OfMemberships(user.Memberships, named.Distinct().ToList(), WorkspaceName.On(http.GetEndpoint()!.Metadata)),
        _ => throw ProblemException.Forbidden("The root key is in no workspace."),
    };

    static Workspace OfMemberships(IReadOnlyList<Membership> memberships, List<Guid> named, string name) => named switch
    {
        [] when memberships is [var only] => only.Workspace,
        [] => throw Unclear(name, "Name the workspace: you belong to " + memberships.Count + "."),
        [var id] => memberships.FirstOrDefault(membership => membership.Workspace.Id == id)?.Workspace ?? throw ProblemException.NotFound(),
        _ => throw Unclear(name, "The request names more than one workspace."),
    };

    static ProblemException Unclear(string name, string message) =>
        ProblemException.Invalid(new Problem(name, "required", message));
}
