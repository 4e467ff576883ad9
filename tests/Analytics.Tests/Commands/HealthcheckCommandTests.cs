using Analytics.Commands;
using Microsoft.Extensions.Configuration;

namespace Analytics.Tests.Commands;

public sealed class HealthcheckCommandTests(AnalyticsApi api)
{
    [Fact]
    public async Task It_succeeds_when_the_service_is_ready() => Assert.Equal(0, await RunAsync("PORT", $"{api.Address.Port}"));

    [Fact]
    public async Task It_takes_every_address_for_this_machine() =>
        Assert.Equal(0, await RunAsync("ASPNETCORE_URLS", $"http://*:{api.Address.Port};http://*:1"));

    [Fact]
    public async Task It_fails_when_nobody_answers() => Assert.Equal(1, await RunAsync("ASPNETCORE_URLS", "http://127.0.0.1:1"));

    static Task<int> RunAsync(string name, string value) => HealthcheckCommand.RunAsync(
        new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build(), TextWriter.Null);
}
