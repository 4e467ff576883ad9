using Analytics.Commands;

namespace Analytics.Tests.Commands;

/// <summary>
/// What the verify command does, on one workspace, with connections that tests share: a new one reads all of Postgres' own tables first.
/// </summary>
static class VerifyRun
{
    /// <summary>What it prints of the workspace; it has to find something (1) or nothing (0), as expected.</summary>
    public static async Task<string> OfAsync(WorkspaceClient workspace, int expected)
    {
        await using var output = new StringWriter();
        var key = await RandomLife.KeyOfAsync(workspace);
        var differences = await VerifyCommand.VerifyAsync(workspace.Api.Store, key, workspace.Slug, output, TextWriter.Null);
        Assert.True(Math.Min(differences, 1) == expected, $"verify found {differences} differences: {output}");
        return output.ToString();
    }

    /// <summary>Does something wrong to rows of a workspace and sees it reported.</summary>
    public static async Task FindsAsync((WorkspaceClient Workspace, StoredRollups Stored) lived, string reported, string fault)
    {
        var (workspace, stored) = lived;
        Assert.NotEqual(0, await stored.RunAsync(fault));
        Assert.Contains($"{workspace.Slug}: {reported}: ", await OfAsync(workspace, 1), StringComparison.Ordinal);
    }
}
