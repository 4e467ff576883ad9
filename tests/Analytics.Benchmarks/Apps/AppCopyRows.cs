using Analytics.Storage;

namespace Analytics.Benchmarks.Apps;

/// <summary>The same facts of apps as the narrow rows that the service stores, for bare Postgres.</summary>
sealed class AppCopyRows(AppList list, int app)
{
    const string FactsSql = "copy app_facts (timestamp, id, amount, commit, workspace_id, app, subject, kind) from stdin (format binary)";

    const string InvocationsSql = """
        copy invocations (timestamp, id, duration, memory, commit, workspace_id, app, status, method, path, username, error)
        from stdin (format binary)
        """;

    readonly CopyStream rows = new();
    readonly Utf8Text text = new();

    /// <summary>A list of one app's facts of just now.</summary>
    public static PreparedBatch Batch(AppLane lane, AppSet set)
    {
        var (now, list, app) = (Clock.Microseconds(), lane.NextList(), lane.NextApp());
        var (post, rows) = (new AppsPost(set.Workspace.Key, set.Apps), new AppCopyRows(list, app));
        var keys = new CopyKeys((short)(list.Keys ?? default));
        post.Start(app, list);
        for (var i = 0; i < PreparedBatch.Size; i++)
        {
            var sample = lane.Next(list, now - 1_000_000, now);
            post.Add(sample);
            rows.Add(sample);
            if (sample.ExternalId is not null)
                keys.Add(sample.KeyHash, sample.Id);
            set.Ledger.Add(list, app, sample);
        }

        return new(
            PreparedBatch.Size, post.Finish().Bytes.ToArray(), list == AppList.Invocations ? InvocationsSql : FactsSql, rows.rows.Finish(),
            keys.Finish());
    }

    void Add(in SampleFact sample)
    {
        rows.StartRow((short)(list == AppList.Invocations ? 12 : 8));
        rows.Time(sample.Timestamp);
        rows.Int64(EventId.TailOf(sample.Id));
        if (list == AppList.Invocations)
            AddInvocation(sample);
        else
            AddFact(sample);
    }

    void AddFact(in SampleFact sample)
    {
        if (list == AppList.Downloads || list == AppList.Changes)
            rows.Int64(sample.Amount);
        else
            rows.Null();
        rows.Int64(1);
        rows.Int32(1);
        rows.Int32(app + 1);
        rows.Int32(sample.Who + 1);
        rows.Int16(list.Kind);
    }

    void AddInvocation(in SampleFact sample)
    {
        rows.Int64(sample.Duration);
        rows.Int64(sample.Amount);
        rows.Int64(1);
        rows.Int32(1);
        rows.Int32(app + 1);
        rows.Int16(sample.Status);
        rows.Bytes(AppWorld.Methods[sample.Route]);
        text.Clear();
        AppsPost.AddPath(text, sample);
        rows.Bytes(text.Span);
        text.Clear();
        if (sample.Who != SampleFact.Nobody)
            AppsPost.AddUser(text, sample.Who);
        rows.Bytes(text.Span);
        rows.Bytes(sample.Error is { } error ? AppWorld.Errors[error] : []);
    }
}
