namespace Analytics.Benchmarks;

/// <summary>The same events as rows for bare Postgres.</summary>
public sealed class CopyRows
{
    public const string Sql =
        "copy events (workspace_id, type, timestamp, id, seq, ingested_at, person, parent, trace, external_id, parent_ref, metadata, "
        + "share) from stdin (format binary)";

    readonly CopyStream rows = new();

    public void Add(Lane lane, SampleEvent sample, ReadOnlySpan<byte> metadata, long now)
    {
        rows.StartRow(13);
        rows.Int32(1);
        rows.Int32(sample.Name + 1);
        rows.Time(sample.Timestamp);
        rows.Uuid(sample.Id);
        rows.Int64(sample.Index + 1);
        rows.Time(now);
        rows.Int32(sample.Customer + 1);
        rows.Uuid(sample.Parent);
        rows.Uuid(sample.Trace);
        ExternalId(lane.ExternalId(sample.Index));
        if (sample.ParentIndex == SampleEvent.NoParent)
            rows.Null();
        else
            ExternalId(lane.ExternalId(sample.ParentIndex));
        rows.Json(metadata);
        rows.Null();
    }

    public byte[] Finish() => rows.Finish();

    void ExternalId((ulong High, ulong Low) id) => rows.Hex(id.High, id.Low);
}
