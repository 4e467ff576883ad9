using System.Diagnostics;
using Analytics.Storage.Facts;

namespace Analytics.Storage.Writing;

/// <summary>
/// A commit in the traces of the requests it answers: part of the first one's, linked with the others', with its statements below it.
/// </summary>
static class WriteTrace
{
    static readonly ActivitySource Source = new("Analytics");

    public static Activity? Start(List<WriteRequest> group)
    {
        if (!Source.HasListeners() || group.Find(request => request.AskedIn is not null)?.AskedIn is not { } first)
            return null;
        var others = group.Select(request => request.AskedIn).OfType<ActivityContext>().Where(asked => asked != first);
        return Source.StartActivity("commit", ActivityKind.Internal, first, links: others.Select(asked => new ActivityLink(asked)))
            ?.SetTag("analytics.requests", group.Count)
            .SetTag("analytics.events", group.Sum(request => request.Facts.Count));
    }
}
