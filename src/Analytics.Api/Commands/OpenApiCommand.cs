using Analytics.Http.OpenApi;

namespace Analytics.Commands;

/// <summary><c>openapi [file]</c>: prints the OpenAPI document, or writes it to the file. It follows from the code alone.</summary>
static class OpenApiCommand
{
    /// <summary>0, or 2 when more is said than a file.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args.Length > 1)
        {
            await errors.WriteLineAsync("Usage: openapi [file]");
            return 2;
        }

        await using var app = AnalyticsApp.Build([]);
        var text = await app.Services.GetRequiredService<DocumentText>().ReadAsync(PathString.Empty);
        if (args is [var file])
            await File.WriteAllTextAsync(file, text + "\n");
        else
            await output.WriteLineAsync(text);
        return 0;
    }
}
