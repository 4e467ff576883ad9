using Analytics.Storage;

namespace Analytics.Benchmarks;

/// <summary>The deduplication keys of a batch.</summary>
public sealed class CopyKeys(short kind)
{
    public const string Sql = "copy event_keys (workspace_id, kind, hash, id) from stdin (format binary)";

    readonly List<(UInt128 Hash, Guid Id)> keys = [];

    public void Add(UInt128 hash, Guid id) => keys.Add((hash, id));

    /// <summary>The keys in their order, which is what their index likes best; null when there are none.</summary>
    public byte[]? Finish()
    {
        if (keys.Count == 0)
            return null;
        var rows = new CopyStream();
        foreach (var (hash, id) in keys.OrderBy(key => key.Hash))
        {
            rows.StartRow(4);
            rows.Int32(1);
            rows.Int16(kind);
            rows.Uuid(hash.ToUuid());
            rows.Uuid(id);
        }

        return rows.Finish();
    }
}
