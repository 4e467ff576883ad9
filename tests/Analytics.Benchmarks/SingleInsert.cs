using System.Diagnostics;
using System.Text;
using Analytics.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Analytics.Benchmarks;

/// <summary>A connection with the prepared statement that stores one event and its key: one round trip, one commit.</summary>
public sealed class SingleInsert : IAsyncDisposable
{
    const string Sql = """
        with key as (
            insert into event_keys (workspace_id, kind, hash, id)
            values (1, 0, $1, $2)
        )
        insert into events (workspace_id, type, timestamp, id, seq, ingested_at, person, parent, trace, external_id, parent_ref, metadata)
        values (1, $3, $4, $2, $5, $4, $6, $7, $8, $9, $10, $11)
        """;

    static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Uuid, NpgsqlDbType.Uuid, NpgsqlDbType.Integer, NpgsqlDbType.TimestampTz, NpgsqlDbType.Bigint, NpgsqlDbType.Integer,
        NpgsqlDbType.Uuid, NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Jsonb,
    ];

    readonly NpgsqlConnection connection;
    readonly NpgsqlCommand command;
    readonly Lane lane;
    readonly IngestRequest writer;

    SingleInsert(NpgsqlConnection connection, Lane lane)
    {
        (this.connection, this.lane, writer) = (connection, lane, new IngestRequest(lane, ""));
        command = new NpgsqlCommand(Sql, connection);
        foreach (var type in Types)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
    }

    public static async Task<SingleInsert> PrepareAsync(NpgsqlConnection connection, Lane lane, CancellationToken cancel)
    {
        var insert = new SingleInsert(connection, lane);
        await insert.command.PrepareAsync(cancel);
        return insert;
    }

    /// <summary>Inserts until the time is over; answers every commit's milliseconds.</summary>
    public async Task<List<double>> RepeatAsync(Stopwatch clock, TimeSpan duration, CancellationToken cancel)
    {
        var milliseconds = new List<double>();
        while (clock.Elapsed < duration)
        {
            Fill();
            var started = Stopwatch.GetTimestamp();
            await command.ExecuteNonQueryAsync(cancel);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return milliseconds;
    }

    public async ValueTask DisposeAsync()
    {
        await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    void Fill()
    {
        var now = Clock.Microseconds();
        writer.Start();
        lane.StartBatch();
        var sample = lane.Next(now - 1_000_000, now);
        writer.Add(sample);
        object?[] values =
        [
            lane.KeyHash(sample.Index).ToUuid(), sample.Id, sample.Name + 1, DateTime.UnixEpoch.AddTicks(sample.Timestamp * 10),
            sample.Index, sample.Customer + 1, sample.Parent, sample.Trace, Hex(sample.Index),
            sample.ParentIndex == SampleEvent.NoParent ? null : Hex(sample.ParentIndex), Encoding.UTF8.GetString(writer.Metadata),
        ];
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }

    string Hex(long index)
    {
        var (high, low) = lane.ExternalId(index);
        return $"{high:x16}{low:x16}";
    }
}
