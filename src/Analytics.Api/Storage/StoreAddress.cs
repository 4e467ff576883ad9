using System.Diagnostics;
using Npgsql;

namespace Analytics.Storage;

/// <summary>Where the store is, and how pools of connections to it are made. Kept apart from those, which forget the password.</summary>
sealed class StoreAddress(string connectionString)
{
    /// <summary>
    /// A pool with a name, for metrics and for Postgres' list of connections, and with bounds of its own. Its statements show in
    /// traces as part of what asked for them; what the service does by itself is in none.
    /// </summary>
    /// <param name="name">What it is called behind <c>analytics-</c>.</param>
    /// <param name="bounds">What of the connection string is different for it.</param>
    /// <param name="loadTypes">Whether it looks up the types of its database first; without that it knows those of every Postgres.</param>
    public NpgsqlDataSource NewPool(string name, Action<NpgsqlConnectionStringBuilder> bounds, bool loadTypes = true)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString) { Name = $"analytics-{name}" };
        builder.ConnectionStringBuilder.ApplicationName = builder.Name;
        if (!SaysGssEncryption)
            builder.ConnectionStringBuilder.GssEncryptionMode = GssEncryptionMode.Disable;
        bounds(builder.ConnectionStringBuilder);
        if (!loadTypes)
            builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        builder.ConfigureTracing(traces => traces
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .ConfigureBatchFilter(_ => Activity.Current is not null)
            .ConfigureCopyOperationFilter(_ => Activity.Current is not null)
            .EnablePhysicalOpenTracing(false));
        return builder.Build();
    }

    /// <summary>What the configuration says of it.</summary>
    public NpgsqlConnectionStringBuilder Said => new(connectionString);

    // The writer has connections of its own; together they stay below what a Postgres takes by default.
    const int UsualReaders = 40;

    /// <summary>How many connections readers may have: what whoever runs the service says.</summary>
    public int Readers => Says("Maximum Pool Size") ? Said.MaxPoolSize : UsualReaders;

    // Left alone, Npgsql tries GSS encryption first, which hardly any server offers, and complains on stderr where the Kerberos library
    // is missing, as in the service's image.
    bool SaysGssEncryption => Says("GSS Encryption Mode") || Environment.GetEnvironmentVariable("PGGSSENCMODE") is not null;

    bool Says(string keyword) => Said.ShouldSerialize(keyword);
}
