using Analytics.Tests.Features.Erasure;

namespace Analytics.Tests.Oracle.Metrics;

/// <summary>The ids that the service gave to events, which only it knows.</summary>
sealed class GivenIds(WorkspaceClient workspace)
{
    readonly Dictionary<string, string> ids = [];

    public string Of(ToldEvent told) => ids[told.ExternalId];

    /// <summary>Learns them from the store. What an erased person's events were called before is not known there any more.</summary>
    public async Task LearnAsync()
    {
        await using var command = workspace.Api.Store.CreateCommand(
            "select external_id, id from events where workspace_id = $1 and external_id is not null");
        command.Parameters.Add(new() { Value = await workspace.NumberAsync() });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            ids[row.GetString(0)] = row.GetGuid(1).ToString();
    }
}
