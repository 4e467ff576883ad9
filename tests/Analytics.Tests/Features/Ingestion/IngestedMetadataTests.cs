using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Analytics.Contract;
using Analytics.Sketches;
using Analytics.Storage;
using Analytics.Storage.Facts;
using Npgsql;

namespace Analytics.Tests.Features.Ingestion;

/// <summary>What is taken of metadata is what Postgres keeps, and what is read back.</summary>
public sealed class IngestedMetadataTests(AnalyticsApi api)
{
    /// <summary>Whatever the reader lets through, Postgres must be able to keep as jsonb.</summary>
    [Fact]
    public async Task Metadata_that_is_accepted_can_be_stored()
    {
        string[] accepted =
        [
            """{"a":1e308,"b":-1e308,"c":1e-330,"d":0e400,"e":0.00000000000000000000001,"f":123456789012345678901234567890}""",
            $$"""{"a":{{new string('9', 308)}},"b":0.{{new string('1', 400)}}}""",
            """{"a":"\ud83d\ude00\u2028\u0001\u007f\uffff","b\u0022c":"\\u0000","a":{"x":1,"x":2}}""",
            """{"a":{"b":{"c":{"d":{"e":null}}}},"f":[[[[1,true,"s"]]]]}""",
            "{}",
        ];
        foreach (var metadata in accepted)
        {
            Assert.Empty(Reading.ProblemsOfMetadata(metadata));
            await using var command = api.Store.CreateCommand("select ($1::text)::jsonb::text");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = metadata });
            Assert.IsType<string>(await command.ExecuteScalarAsync());
        }
    }

    /// <summary>What is extracted on the way in must be what a recount of the stored metadata finds.</summary>
    [Fact]
    public async Task What_is_read_from_metadata_is_what_jsonb_keeps()
    {
        var random = new Random(8259);
        var read = new List<IncomingEvent>();
        for (var round = 0; round < 20_000; round++)
            try
            {
                read.AddRange(Reading.Batch(SomeBody.Mutated(random, changes: 2), partial: true).Events.Where(one => !one.Metadata.IsEmpty));
            }
            catch (ProblemException)
            {
            }
        Assert.InRange(read.Count, 2_000, 100_000);

        await using var command = api.Store.CreateCommand("""
            select m #>> '{_cost,amount}',
                   m #>> '{_llm,input_tokens}',
                   m #>> '{_llm,output_tokens}',
                   m #>> '{_llm,total_tokens}'
            from unnest($1) with ordinality as sent (text, place),
                 lateral (select text::jsonb as m) as kept
            order by place
            """);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. read.Select(one => Reading.Text(one.Metadata))] });
        await using var rows = await command.ExecuteReaderAsync();
        foreach (var one in read)
        {
            Assert.True(await rows.ReadAsync());
            var (input, output) = (Units(rows, 1), Units(rows, 2));
            Assert.Equal(
                (Units(rows, 0), input, output, Units(rows, 3)),
                (one.Fields.Cost, one.Fields.InputTokens, one.Fields.OutputTokens, one.Fields.TotalTokens));
        }
    }

    [Fact]
    public async Task Tokens_in_all_are_read_back_whether_they_were_sent_or_not()
    {
        var workspace = await api.NewWorkspaceAsync();
        JsonObject With(JsonNode? total, bool isSent = true)
        {
            var llm = new JsonObject { ["vendor"] = "v", ["model"] = "m", ["input_tokens"] = 100, ["output_tokens"] = 50 };
            if (isSent)
                llm["total_tokens"] = total;
            return Some.Event(metadata: new JsonObject { ["_llm"] = llm });
        }

        await workspace.IngestAsync(With(null, isSent: false), With(200), With(null));

        var rows = (await workspace.GetAsync("/api/events")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([150, 150, 200], rows.Select(Total).Order());
        Assert.Equal(2, (await workspace.GetAsync("/api/events?metadata[_llm.total_tokens]=150")).GetProperty("data").GetArrayLength());

        static int Total(JsonElement row) => row.GetProperty("metadata").GetProperty("_llm").GetProperty("total_tokens").GetInt32();
    }

    static Int128? Units(NpgsqlDataReader rows, int column) =>
        rows.IsDBNull(column) ? null
        : DecimalUnits.TryParse(Encoding.UTF8.GetBytes(rows.GetString(column)), out var units) ? units
        : throw new InvalidDataException(rows.GetString(column));
}
