using Analytics.Storage;
using Npgsql;

namespace Analytics.Tests.Storage;

public sealed class StoreAddressTests
{
    [Fact]
    public void Nobody_asks_for_GSS_encryption_unless_told_to() =>
        Assert.Equal(GssEncryptionMode.Disable, SettingsOf("Host=db;Username=analytics").GssEncryptionMode);

    [Theory]
    [InlineData("GSS Encryption Mode=Prefer", GssEncryptionMode.Prefer)]
    [InlineData("gssencryptionmode=require", GssEncryptionMode.Require)]
    public void What_the_configuration_says_of_it_holds(string setting, GssEncryptionMode mode) =>
        Assert.Equal(mode, SettingsOf($"Host=db;{setting}").GssEncryptionMode);

    [Fact]
    public void What_the_environment_says_of_it_holds()
    {
        // What Npgsql does anyway, so that other tests do not notice.
        Environment.SetEnvironmentVariable("PGGSSENCMODE", "prefer");
        try
        {
            Assert.False(SettingsOf("Host=db").ShouldSerialize("GSS Encryption Mode"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PGGSSENCMODE", null);
        }
    }

    [Theory]
    [InlineData("Maximum Pool Size=80", 80)]
    [InlineData("MaxPoolSize=80", 80)]
    [InlineData("Timeout=3", 40)]
    public void The_size_of_the_pools_may_be_said_in_any_spelling(string setting, int readers) =>
        Assert.Equal(readers, new StoreAddress($"Host=db;{setting}").Readers);

    static NpgsqlConnectionStringBuilder SettingsOf(string given)
    {
        using var pool = new StoreAddress(given).NewPool("test", _ => { });
        return new NpgsqlConnectionStringBuilder(pool.ConnectionString);
    }
}
