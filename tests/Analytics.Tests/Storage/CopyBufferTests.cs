using Analytics.Storage;

namespace Analytics.Tests.Storage;

/// <summary>Rows on their way to Postgres lie in pieces.</summary>
public sealed class CopyBufferTests(AnalyticsApi api)
{
    const int Rows = 15_000;

    static readonly byte[] Text = [.. Enumerable.Repeat((byte)'x', 400)];

    [Fact]
    public async Task Rows_arrive_whole_wherever_a_piece_ends()
    {
        await using var connection = await api.Store.OpenConnectionAsync();
        await connection.ExecuteAsync("create temp table copied (number int, bytes bytea)", [], default);
        var (buffer, random, sent) = (new CopyBuffer(), new Random(7), new List<byte[]>());
        for (var round = 0; round < 2; round++)
        {
            for (var row = 0; row < 300; row++)
            {
                sent.Add(new byte[row % 50 == 0 ? 200_000 : random.Next(2_000)]);
                random.NextBytes(sent[^1]);
                buffer.StartRow(2);
                buffer.Int32(sent.Count - 1);
                buffer.Bytes(sent[^1]);
            }

            await buffer.SendAsync(connection, "copy copied (number, bytes) from stdin (format binary)", default);
        }

        Assert.Equal(sent, await connection.QueryAsync(
            "select bytes from copied order by number", [], row => row.GetFieldValue<byte[]>(0), default));
    }

    [Fact]
    public void A_buffer_takes_hardly_more_than_its_rows()
    {
        var buffer = new CopyBuffer();
        Fill(buffer);
        buffer.Clear();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Fill(buffer);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Rows * Text.Length * 5 / 4);
    }

    static void Fill(CopyBuffer buffer)
    {
        for (var row = 0; row < Rows; row++)
        {
            buffer.StartRow(1);
            buffer.Bytes(Text);
        }
    }
}
