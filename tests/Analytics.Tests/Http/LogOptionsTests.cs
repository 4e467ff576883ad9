using Analytics.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Analytics.Tests.Http;

public sealed class LogOptionsTests
{
    [Theory]
    [InlineData(null, false, true)]
    [InlineData(null, true, false)]
    [InlineData("", false, true)]
    [InlineData("text", true, true)]
    [InlineData("json", false, false)]
    public void A_terminal_gets_text_and_everything_else_JSON_unless_asked_for(string? setting, bool isRedirected, bool isText) =>
        Assert.Equal(isText, Read(setting).IsText(isRedirected));

    [Fact]
    public void A_format_that_does_not_exist_is_named() =>
        Assert.Contains("ANALYTICS_LOGS must be json or text", Assert.Throws<OptionsValidationException>(() => Read("xml")).Message, StringComparison.Ordinal);

    static LogOptions Read(string? setting) => new ConfigurationBuilder()
        .AddInMemoryCollection(setting is null ? [] : new Dictionary<string, string?> { ["ANALYTICS_LOGS"] = setting })
        .Build()
        .Read<LogOptions>();
}
