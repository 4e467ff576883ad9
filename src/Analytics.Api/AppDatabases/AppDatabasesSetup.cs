namespace Analytics.AppDatabases;

/// <summary>What makes and reads the Postgres workspaces of apps.</summary>
static class AppDatabasesSetup
{
    public static void AddAppDatabases(this IServiceCollection services)
    {
        services.AddSingleton<LoginSecrets>();
        services.AddSingleton<AppServer>();
        services.AddSingleton<AppRoles>();
        services.AddSingleton<AppDatabase>();
        services.AddSingleton<AppWorkspaces>();
        services.AddSingleton<AppReading>();
        services.AddSingleton<SizedTables>();
        services.AddSingleton<AppSizes>();
        services.AddSingleton<AppTables>();
        services.AddSingleton<TablePreview>();
        services.AddSingleton<RemoveAppWorkspace>(provider => provider.GetRequiredService<AppRemoval>().RemoveAsync);
    }
}
