using Analytics.Http;
using Analytics.Storage.Model;

namespace Analytics.Tenancy;

/// <summary>Which workspace a request means, from the credential and the names it gives.</summary>
static class ChosenWorkspace
{
    /// <summary>404 for one the caller is not in; 400 when a user of several workspaces names none.</summary>
    public static Workspace Of(HttpContext http, IReadOnlyList<Guid> named) => http.Caller switch
    {
        WorkspaceCaller key => named.All(id => id == key.Workspace.Id) ? key.Workspace : throw ProblemException.NotFound(),
        UserCaller user => OfMemberships(user.Memberships, named.Distinct().ToList(), Naming.Of(http)),
        _ => throw ProblemException.Forbidden("The root key is in no workspace."),
    };

    static Workspace OfMemberships(IReadOnlyList<Membership> memberships, List<Guid> named, Naming naming) => named switch
    {
        [] when memberships is [var only] => only.Workspace,
        [] => throw Unclear(naming, "Name the workspace: you belong to " + memberships.Count + "."),
        [var id] => memberships.FirstOrDefault(membership => membership.Workspace.Id == id)?.Workspace ?? throw ProblemException.NotFound(),
        _ => throw Unclear(naming, "The request names more than one workspace."),
    };

    static ProblemException Unclear(Naming naming, string message) =>
        ProblemException.Invalid(new Problem(naming.Workspace, "required", message));
}
