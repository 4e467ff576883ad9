using Analytics.Sketches;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>The row of <c>rollup_deltas</c> that a commit leaves for a section.</summary>
readonly record struct PackedDelta(Section Section, int Facts, byte[] Data)
{
    public static PackedDelta Of(CommitFacts facts, ByteWriter writer)
    {
        var data = facts.Pack(writer, out var count);
        return new(facts.Section, count, data);
    }

    public NpgsqlBatchCommand Save(WorkspaceCounters counters) => Sql.Statement(
        "insert into rollup_deltas (workspace_id, section, commit, facts, data) values ($1, $2, $3, $4, $5)",
        [counters.Workspace, Section.Id, counters.Commit, Facts, Data]);
}
