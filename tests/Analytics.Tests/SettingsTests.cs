using Analytics.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Analytics.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("urls", "http://localhost:8080;", "http://localhost:8080")]
    [InlineData("PORT", "8080;8081", "http://*:8080 http://*:8081")]
    [InlineData("Analytics:ManagementPort", "9090", "http://*:8080 http://*:9090")]
    public void The_service_listens_where_it_is_told_to(string name, string value, string addresses)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build();

        Assert.Equal(addresses, string.Join(' ', settings.Read<HostingOptions>().Addresses));
    }

    [Theory]
    [InlineData("Analytics:Streams", "0", "Streams")]
    [InlineData("Analytics:StreamsPerWorkspace", "-1", "StreamsPerWorkspace")]
    [InlineData("Analytics:ManagementPort", "70000", "ManagementPort")]
    [InlineData("Analytics:RootKey", "r", "RootKey")]
    [InlineData("Analytics:RootKey", "fifteen-letters", "16 characters")]
    [InlineData("Analytics:RootKey", "     padded     ", "RootKey")]
    [InlineData("Analytics:Connections", "0", "Connections")]
    [InlineData("Analytics:Web", "/no/such/folder", "Analytics:Web")]
    [InlineData("Analytics:FrameAncestors", "*; script-src *", "Analytics:FrameAncestors")]
    [InlineData("Analytics:PathBase", "analytics", "PathBase")]
    [InlineData("Analytics:PathBase", "/a//b", "PathBase")]
    [InlineData("Analytics:PathBase", "/a?b", "PathBase")]
    [InlineData("Analytics:PublicUrl", "analytics.example.com", "PublicUrl")]
    [InlineData("Analytics:PublicUrl", "ftp://analytics.example.com", "PublicUrl")]
    [InlineData("Analytics:PublicUrl", "https://analytics.example.com/?a=b", "PublicUrl")]
    [InlineData("Analytics:PublicUrl", "https://ada@analytics.example.com", "PublicUrl")]
    [InlineData("Analytics:TrustedProxies", "10.0.0.0/8, proxy", "TrustedProxies")]
    [InlineData("Analytics:TrustedProxies", "10.0.0.0/33", "TrustedProxies")]
    [InlineData("Analytics:VerifyAt", "2:00", "Analytics:VerifyAt")]
    [InlineData("Analytics:VerifyAt", "24:00", "Analytics:VerifyAt")]
    [InlineData("Analytics:VerifyAt", "02:00 in Paris", "Analytics:VerifyAt")]
    [InlineData("ANALYTICS_DEMO", "maybe", "ANALYTICS_DEMO")]
    [InlineData("ConnectionStrings:Postgres", "Host=a;Colour=blue", "ConnectionStrings:Postgres")]
    [InlineData("ConnectionStrings:Redis", "redis:6379,colour=blue", "ConnectionStrings:Redis")]
    [InlineData("Analytics:Streams", "many", "Analytics:Streams")]
    [InlineData("PORT", "http", "PORT")]
    [InlineData("PORT", "70000", "PORT")]
    [InlineData("urls", "localhost:8080", "ASPNETCORE_URLS")]
    public void A_setting_that_is_not_valid_stops_the_start_and_is_named(string name, string value, string named)
    {
        var refusal = Assert.Throws<OptionsValidationException>(() => AnalyticsApp.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:Postgres"] = "Host=127.0.0.1;Port=1",
                [name] = value,
            });
        }));

        Assert.Contains(named, refusal.Message);
    }
}
