namespace Analytics.Tests.Oracle.Apps;

/// <summary>
/// All apps and what counts of what they were told: every fact, but of those of one kind and workspace with one external id only the first.
/// </summary>
sealed class AppWorld
{
    readonly HashSet<(Guid Workspace, string Route, string ExternalId)> known = [];

    public List<ToldApp> Apps { get; } = [];

    public List<ToldView> Views { get; } = [];
    public List<ToldInvocation> Invocations { get; } = [];
    public List<ToldDevice> Devices { get; } = [];
    public List<ToldDownload> Downloads { get; } = [];
    public List<ToldChange> Changes { get; } = [];

    /// <summary>Whether it counts; else it is a duplicate.</summary>
    public bool Tell(ToldFact fact)
    {
        if (fact.ExternalId is { } id && !known.Add((fact.App.Workspace.Id, fact.Route, id)))
            return false;
        switch (fact)
        {
            case ToldView view:
                Views.Add(view);
                break;
            case ToldInvocation invocation:
                Invocations.Add(invocation);
                break;
            case ToldDevice device:
                Devices.Add(device);
                break;
            case ToldDownload download:
                Downloads.Add(download);
                break;
            case ToldChange change:
                Changes.Add(change);
                break;
        }

        return true;
    }

    /// <summary>Those of a workspace; with <paramref name="isListed"/> only those that were not deleted.</summary>
    public List<ToldApp> AppsOf(IEnumerable<WorkspaceClient> workspaces, bool isListed = false) =>
        [.. Apps.Where(app => workspaces.Contains(app.Workspace) && !(isListed && app.IsDeleted))];
}
