namespace Analytics.Tests;

public sealed class AnalyticsApiTests(AnalyticsApi api)
{
    [Fact]
    public async Task A_workspace_is_made_and_found_with_its_own_key()
    {
        var workspace = await api.NewWorkspaceAsync(timezone: "Asia/Kolkata");

        var found = await workspace.GetAsync($"/api/workspaces/{workspace.Id}");

        Assert.Equal(workspace.Slug, found.GetProperty("slug").GetString());
        Assert.Equal("Asia/Kolkata", found.GetProperty("timezone").GetString());
    }
}
