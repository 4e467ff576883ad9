using System.Net;
using System.Text.Json;

namespace Analytics.Tests.Features.Erasure;

/// <summary>Erases customers and waits for it.</summary>
static class Erasing
{
    /// <summary>Erases a customer to the end; the job's last answer.</summary>
    public static async Task<JsonElement> EraseAsync(this WorkspaceClient workspace, Guid customer)
    {
        var job = (await workspace.DeleteAsync($"/api/customers/{customer}", 202)).GetProperty("job_id").GetString();
        return await workspace.ErasedAsync(job!);
    }

    /// <summary>Returns when the job is done.</summary>
    public static async Task<JsonElement> ErasedAsync(this WorkspaceClient workspace, string job)
    {
        JsonElement erasure = default;
        await Until.HoldsAsync(
            async () =>
            {
                using var answer = await workspace.AskAsync(HttpMethod.Get, $"/api/erasures/{job}");
                if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                    return false; // a clock that runs leaves a question little time
                erasure = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
                return erasure.GetProperty("status").GetString() == "done";
            },
            "The erasure does not end.");
        Assert.NotEqual(JsonValueKind.Null, erasure.GetProperty("verified_at").ValueKind);
        return erasure;
    }

    /// <summary>The number of the workspace in the store.</summary>
    public static async Task<int> NumberAsync(this WorkspaceClient workspace)
    {
        await using var command = workspace.Api.Store.CreateCommand("select workspace_id from workspaces where id = $1");
        command.Parameters.Add(new() { Value = workspace.Id });
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
