using Analytics.Http;
using Microsoft.AspNetCore.Http;

namespace Analytics.Tests.Http;

/// <summary>Answers that keep their first bytes back.</summary>
public sealed class SmallFirstTests
{
    [Fact]
    public async Task Of_an_answer_whose_time_is_over_before_it_leaves_nothing_is_sent()
    {
        using var over = new CancellationTokenSource();
        using var sent = new MemoryStream();
        var http = new DefaultHttpContext { RequestAborted = over.Token };
        http.Response.Body = sent;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SmallFirst.WriteAsync(http, async body =>
        {
            await body.WriteAsync("{}"u8.ToArray(), TestContext.Current.CancellationToken);
            await over.CancelAsync();
        }));

        await http.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Null(http.Response.ContentLength);
        Assert.Equal(0, sent.Length);
    }
}
