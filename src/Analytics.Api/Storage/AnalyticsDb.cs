using Analytics.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace Analytics.Storage;

/// <summary>The configuration rows, for LINQ. Facts and rollups are written by <c>EventWriter</c> and read with SQL.</summary>
sealed class AnalyticsDb(DbContextOptions<AnalyticsDb> options) : DbContext(options)
{
    public DbSet<Workspace> Workspaces => Set<Workspace>();
    public DbSet<User> Users => Set<User>();
    public DbSet<MembershipRow> Memberships => Set<MembershipRow>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Customer> Customers => Set<Customer>();
    public DbSet<EventType> EventTypes => Set<EventType>();
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Workspace>(workspace =>
        {
            workspace.ToTable("workspaces").HasKey(w => w.Key);
            workspace.Property(w => w.Key).HasColumnName("workspace_id").UseIdentityAlwaysColumn();
        });
        model.Entity<User>().ToTable("users").HasKey(u => u.Id);
        model.Entity<MembershipRow>(membership =>
        {
            membership.ToTable("memberships").HasKey(m => new { m.WorkspaceKey, m.UserId });
            membership.Property(m => m.WorkspaceKey).HasColumnName("workspace_id");
        });
        model.Entity<ApiKey>(key =>
        {
            key.ToTable("api_keys").HasKey(k => k.Id);
            key.Property(k => k.WorkspaceKey).HasColumnName("workspace_id");
        });
        model.Entity<Customer>(customer =>
        {
            customer.ToTable("customers").HasKey(c => new { c.WorkspaceKey, c.Id });
            customer.Property(c => c.WorkspaceKey).HasColumnName("workspace_id");
            customer.Property(c => c.Metadata).HasColumnType("jsonb");
        });
        model.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox").HasKey(a => new { a.WorkspaceKey, a.Number });
            row.Property(a => a.WorkspaceKey).HasColumnName("workspace_id");
            row.Property(a => a.Number).UseIdentityAlwaysColumn();
            row.Property(a => a.Metadata).HasColumnType("jsonb");
        });
        model.Entity<EventType>(type =>
        {
            type.ToTable("event_types").HasKey(t => new { t.WorkspaceKey, t.Number });
            type.Property(t => t.WorkspaceKey).HasColumnName("workspace_id");
            type.Property(t => t.Number).HasColumnName("type");
        });

        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
            if (property.FindAnnotation("Relational:ColumnName") is null)
                property.SetColumnName(SnakeCase(property.Name));
    }

    static string SnakeCase(string name) =>
        string.Concat(name.Select((c, at) => char.IsUpper(c) && at > 0 ? "_" + char.ToLowerInvariant(c) : $"{char.ToLowerInvariant(c)}"));
}
