using Analytics.Sketches;
using Analytics.Storage.Facts;
using Analytics.Storage.Sales;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>The row of <c>rollup_deltas</c> that a commit leaves for a section.</summary>
readonly record struct PackedDelta(Section Section, int Facts, byte[] Data)
{
    public static PackedDelta Of(CommitFacts facts, ByteWriter writer) => new(facts.Section, Pack(facts.Pack, writer, out var data), data);

    public static PackedDelta Of(CommitSales sales, ByteWriter writer) =>
        new(SalesFacts.Section, Pack(sales.Pack, writer, out var data), data);

    delegate byte[] Packing(ByteWriter writer, out int facts);

    static int Pack(Packing pack, ByteWriter writer, out byte[] data)
    {
        data = pack(writer, out var facts);
        return facts;
    }

    public NpgsqlBatchCommand Save(WorkspaceCounters counters) => Sql.Statement(
        "insert into rollup_deltas (workspace_id, section, commit, facts, data) values ($1, $2, $3, $4, $5)",
        [counters.Workspace, Section.Id, counters.Commit, Facts, Data]);
}
