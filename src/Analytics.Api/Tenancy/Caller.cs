using Analytics.Storage.Schema;

namespace Analytics.Tenancy;

/// <summary>Who is calling. A workspace key names its workspace, a user key its user, the root key neither.</summary>
abstract record Caller(string KeyId)
{
    /// <summary>Whose share of what is bounded it takes: its workspace's, or the user's.</summary>
    public abstract Guid Tenant { get; }
}

sealed record RootCaller() : Caller("root")
{
    public override Guid Tenant => Guid.Empty;
}

/// <summary>A workspace key; <paramref name="Customer"/> is the only one a portal key may see.</summary>
sealed record WorkspaceCaller(string KeyId, Workspace Workspace, string[] Scopes, Customer? Customer) : Caller(KeyId)
{
    public override Guid Tenant => Workspace.Id;
}

/// <summary>A user's own key: whatever the user's role allows in each workspace.</summary>
sealed record UserCaller(string KeyId, Guid UserId, IReadOnlyList<Membership> Memberships) : Caller(KeyId)
{
    /// <summary>
    /// Whether the key is good in one workspace only, whose admins brought the user in: they know the link that it came from, so what is
    /// the user's own is not for it.
    /// </summary>
    public bool IsInvited { get; private init; }

    public override Guid Tenant => UserId;

    /// <summary>The user as the key acts for them; null when the workspace that it is confined to is not theirs any more.</summary>
    public static UserCaller? Of(ApiKey key, Guid user, IReadOnlyList<Membership> memberships)
    {
        if (key.WorkspaceKey is not { } only)
            return new(key.Id, user, memberships);
        IReadOnlyList<Membership> left = [.. memberships.Where(membership => membership.Workspace.Key == only)];
        return left.Count > 0 ? new(key.Id, user, left) { IsInvited = true } : null;
    }

    /// <summary>The user, where the key is theirs with all that is their own.</summary>
    public Guid? OwnId => IsInvited ? null : UserId;

    /// <summary>Whether it is the user's own key, with all that is theirs.</summary>
    public bool IsSelf(Guid user) => OwnId == user;
}

/// <summary>A user's place in a workspace.</summary>
sealed record Membership(Workspace Workspace, string Role)
{
    public bool Allows(string scope) => Tenancy.Scopes.OfRole(Role).Contains(scope);
}
