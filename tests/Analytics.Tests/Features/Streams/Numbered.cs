using System.Text.Json.Nodes;

namespace Analytics.Tests.Features.Streams;

/// <summary>Events with numbers in their metadata, to tell whether every one came once and in order.</summary>
public static class Numbered
{
    public static JsonObject Event(int number, string name = "task.done") =>
        Some.Event(name, metadata: new JsonObject { ["n"] = number });

    public static IEnumerable<JsonObject> Events(int first, int count) => Enumerable.Range(first, count).Select(number => Event(number));
}
