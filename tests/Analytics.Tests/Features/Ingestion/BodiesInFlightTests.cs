using Analytics.Contract;
using Analytics.Features.Ingestion;
using Analytics.Storage;
using Microsoft.AspNetCore.Http;

namespace Analytics.Tests.Features.Ingestion;

public sealed class BodiesInFlightTests
{
    [Fact]
    public async Task Bodies_beyond_the_bound_are_refused_and_give_back_what_they_held()
    {
        var bodies = new BodiesInFlight(most: 3 << 20);
        using (await RequestBody.ReadAsync(Request(1_500_000), bodies, default))
        {
            await Assert.ThrowsAsync<OverloadedException>(() => RequestBody.ReadAsync(Request(1_500_000), bodies, default));
            Assert.InRange(bodies.Held, 1_500_000, 3 << 20);
        }
        Assert.Equal(0, bodies.Held);
        using var again = await RequestBody.ReadAsync(Request(1_500_000), bodies, default);
        Assert.Equal(1_500_000, again.Length);
    }

    [Fact]
    public async Task Refused_bodies_hold_nothing()
    {
        var bodies = new BodiesInFlight();
        await Assert.ThrowsAsync<ProblemException>(() => RequestBody.ReadAsync(Request(RequestBody.MaxBytes + 1), bodies, default));
        await Assert.ThrowsAsync<ProblemException>(() => RequestBody.ReadAsync(Request(100, "gzip"), bodies, default));
        await Assert.ThrowsAsync<ProblemException>(() => RequestBody.ReadAsync(Request(100, "br"), bodies, default));
        Assert.Equal(0, bodies.Held);
    }

    /// <summary>A chunked body of so many bytes.</summary>
    static HttpRequest Request(int bytes, string? encoding = null)
    {
        var request = new DefaultHttpContext().Request;
        request.Body = new MemoryStream(new byte[bytes]);
        if (encoding is not null)
            request.Headers.ContentEncoding = encoding;
        return request;
    }
}
