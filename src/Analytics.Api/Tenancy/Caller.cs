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
    public override Guid Tenant => UserId;
}

/// <summary>A user's place in a workspace.</summary>
sealed record Membership(Workspace Workspace, string Role)
{
    public bool Allows(string scope) => Tenancy.Scopes.OfRole(Role).Contains(scope);
}
