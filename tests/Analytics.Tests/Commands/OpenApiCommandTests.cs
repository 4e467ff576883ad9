using Analytics.Commands;

namespace Analytics.Tests.Commands;

public sealed class OpenApiCommandTests(AnalyticsApi api)
{
    [Fact]
    public async Task It_prints_the_document_of_the_running_service_without_a_store()
    {
        using var output = new StringWriter();

        var exit = await OpenApiCommand.RunAsync([], output, TextWriter.Null);

        Assert.Equal(0, exit);
        Assert.Equal(await api.Anonymous.Http.GetStringAsync("/openapi.json"), output.ToString().TrimEnd());
    }

    [Fact]
    public async Task It_writes_the_document_to_a_file()
    {
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.json");
        using var output = new StringWriter();

        var exit = await OpenApiCommand.RunAsync([file], output, TextWriter.Null);

        Assert.Equal(0, exit);
        Assert.Equal(await api.Anonymous.Http.GetStringAsync("/openapi.json"), (await File.ReadAllTextAsync(file)).TrimEnd());
        Assert.Equal("", output.ToString());
        File.Delete(file);
    }

    [Fact]
    public async Task More_than_a_file_is_answered_with_how_it_is_used()
    {
        using var errors = new StringWriter();

        var exit = await OpenApiCommand.RunAsync(["a", "b"], TextWriter.Null, errors);

        Assert.Equal(2, exit);
        Assert.Equal("Usage: openapi [file]", errors.ToString().Trim());
    }
}
