using Analytics.AppDatabases;
using Npgsql;

namespace Analytics.Tests.AppDatabases;

public sealed class AppUriTests
{
    static readonly AppPlace Place = new("größe/a b_apps_1", 2);

    [Theory]
    [InlineData("Host=db.example.com", "db.example.com:5432")]
    [InlineData("Host=db;Port=6432", "db:6432")]
    [InlineData("Host=::1", "[::1]:5432")]
    [InlineData("Host=10.0.0.1:6432,db2;Port=7000", "10.0.0.1:6432,db2:7000")]
    [InlineData("Database=x", "localhost:5432")]
    public void It_leads_where_the_store_is(string store, string where) =>
        Assert.Equal(
            $"postgresql://gr%C3%B6%C3%9Fe%2Fa%20b_apps_1_2:p%40s%3As@{where}/gr%C3%B6%C3%9Fe%2Fa%20b_apps_1",
            AppUri.Of(new NpgsqlConnectionStringBuilder(store), 5432, Place, "p@s:s"));

    [Theory]
    [InlineData(20123, "postgresql://a_apps_1_2:p@127.0.0.1:20123/a_apps_1")]
    [InlineData(null, "postgresql://a_apps_1_2:p@/a_apps_1?host=%2Fvar%2Frun%2Fpostgres&port=20123")]
    public void A_store_behind_a_socket_is_reached_by_its_port_if_it_has_one(int? listening, string uri) => Assert.Equal(
        uri, AppUri.Of(new NpgsqlConnectionStringBuilder("Host=/var/run/postgres;Port=20123"), listening, new("a_apps_1", 2), "p"));

    [Theory]
    [InlineData("Require", "?sslmode=require")]
    [InlineData("VerifyCA", "?sslmode=verify-ca")]
    [InlineData("VerifyFull", "?sslmode=verify-full")]
    [InlineData("Prefer", "")]
    public void Who_encrypts_the_way_to_the_store_encrypts_this_one(string mode, string said) => Assert.EndsWith(
        $"/a_apps_1{said}",
        AppUri.Of(new NpgsqlConnectionStringBuilder($"Host=db;SSL Mode={mode}"), 5432, new("a_apps_1", 2), "p"), StringComparison.Ordinal);

    [Fact]
    public void A_verifier_is_what_Postgres_itself_would_keep()
    {
        var verifier = LoginSecrets.Verifier("secret");

        Assert.Matches(@"^SCRAM-SHA-256\$4096:[A-Za-z0-9+/=]{24}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$", verifier);
        Assert.DoesNotContain("secret", verifier, StringComparison.Ordinal);
        Assert.NotEqual(verifier, LoginSecrets.Verifier("secret"));
    }
}
