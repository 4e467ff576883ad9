using Microsoft.Net.Http.Headers;

namespace Analytics.Http;

/// <summary>What a client likes to get, by its <c>Accept</c> header.</summary>
static class Accepts
{
    /// <summary>How much it likes a media type that it names; 0 where it does not, or says that it wants none of it.</summary>
    public static double Named(HttpRequest request, string mediaType) => Best(request.GetTypedHeaders().Accept
        .Where(range => range.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)));

    /// <summary>How much it likes a media type, by the closest of the ranges that hold it.</summary>
    public static double Quality(HttpRequest request, string mediaType)
    {
        var type = new MediaTypeHeaderValue(mediaType);
        return Best(request.GetTypedHeaders().Accept.Where(type.IsSubsetOf)
            .GroupBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
            .MinBy(ranges => ranges.Key) ?? Enumerable.Empty<MediaTypeHeaderValue>());
    }

    static double Best(IEnumerable<MediaTypeHeaderValue> ranges) => ranges.Select(range => range.Quality ?? 1).DefaultIfEmpty(0).Max();
}
