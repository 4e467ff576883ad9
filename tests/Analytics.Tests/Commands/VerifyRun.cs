using Analytics.Commands;
using Microsoft.Extensions.Configuration;

namespace Analytics.Tests.Commands;

/// <summary>The verify command, run on one workspace.</summary>
static class VerifyRun
{
    /// <summary>What it prints; its exit code has to be the expected one.</summary>
    public static async Task<string> OfAsync(WorkspaceClient workspace, int expected)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Postgres"] = workspace.Api.ConnectionString }).Build();
        await using var output = new StringWriter();
        var code = await VerifyCommand.RunAsync(["--workspace", workspace.Slug], configuration, output, TextWriter.Null);
        Assert.True(code == expected, $"verify exited with {code}: {output}");
        return output.ToString();
    }

    /// <summary>Does something wrong to rows of a workspace, flushed or not, and sees it reported.</summary>
    public static async Task FindsAsync(
        (WorkspaceClient Workspace, StoredRollups Stored) lived, string reported, string fault, bool isFlushed = false)
    {
        var (workspace, stored) = lived;
        if (isFlushed)
            await stored.FlushAsync();
        Assert.NotEqual(0, await stored.RunAsync(fault));
        Assert.Contains($"{workspace.Slug}: {reported}: ", await OfAsync(workspace, 1), StringComparison.Ordinal);
    }
}
