using System.Text;
using System.Text.Json;
using Analytics.Storage.Audit;
using Analytics.Storage.Facts;
using Analytics.Storage.Schema;
using Npgsql;

namespace Analytics.Storage.Writing;

/// <summary>Stores audit records: their rows, and the commit that the log's streams read.</summary>
sealed class AuditRows() : KindWriter(AuditKind.Kind, """
    audit (
        workspace_id, timestamp, id, name, category, severity, actor_type, actor_id, target_type, target_id, correlation_id, payload,
        commit)
    """)
{
    public override NewFact New(WriteRequest request, IncomingFact fact) => new NewAudit(request, (IncomingAudit)fact);

    public override KindWrite Begin(Workspace workspace, IReadOnlyList<NewFact> facts) => new AuditWrite(this, facts);

    void AddRow(NewFact fact, long commit)
    {
        var record = ((NewAudit)fact).Record;
        Rows.StartRow(13);
        Rows.Int32(fact.Request.Workspace.Key);
        Rows.Timestamp(fact.Fact.Timestamp);
        Rows.Uuid(fact.Id);
        foreach (var text in (string?[])
        [
            record.Name, record.Category, record.Severity, record.ActorType, record.ActorId, record.TargetType, record.TargetId,
            record.CorrelationId,
        ])
            Rows.TextOrNull(Encoding.UTF8.GetBytes(text ?? ""));
        Rows.JsonOrNull(JsonSerializer.SerializeToUtf8Bytes(record.Payload));
        Rows.Int64(commit);
    }

    sealed class NewAudit(WriteRequest request, IncomingAudit incoming) : NewFact(request, incoming)
    {
        public AuditRecord Record { get; set; } = incoming.Record;

        public long? Waiting => incoming.Waiting;
    }

    sealed class AuditWrite(AuditRows rows, IReadOnlyList<NewFact> records) : KindWrite
    {
        // Whom a record named when it was read may have been erased since: its row names nobody then.
        const string WaitingSql = "select number, metadata::text from outbox where workspace_id = $1 and number = any($2)";

        readonly Dictionary<long, NewAudit> waiting = records.Cast<NewAudit>()
            .Where(record => record.Waiting is not null).ToDictionary(record => record.Waiting!.Value);

        public override IEnumerable<NpgsqlBatchCommand> Questions() => waiting.Count == 0
            ? []
            : [Sql.Statement(WaitingSql, [records[0].Request.Workspace.Key, waiting.Keys.ToArray()])];

        public override async Task ReadAsync(NpgsqlDataReader answers, CancellationToken cancel)
        {
            if (waiting.Count > 0 && await answers.NextResultAsync(cancel))
                while (await answers.ReadAsync(cancel))
                    waiting[answers.GetInt64(0)].Record = JsonSerializer.Deserialize<AuditRecord>(answers.GetString(1))!;
        }

        public override Task LinkAsync(WorkspaceWrite write, CancellationToken cancel)
        {
            foreach (var record in records)
                rows.AddRow(record, write.Counters.Commit);
            return Task.CompletedTask;
        }

        public override IEnumerable<PackedDelta> Finish(WorkspaceWrite write)
        {
            DeliveryRows.Add(write, records, static record => ((NewAudit)record).Record.Name);
            write.Save(CommitRow.Add(write.Counters, StreamedKind.Audit, records, write.Now));
            return [];
        }
    }
}
