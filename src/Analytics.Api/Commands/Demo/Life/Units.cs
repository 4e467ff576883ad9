namespace Analytics.Commands.Demo.Life;

/// <summary>What of the demo's events is counted as usage: units of every aggregation.</summary>
static class Units
{
    public static readonly object[] All =
    [
        new { key = "tool-calls", name = "Tool calls", unitLabel = "calls", aggregation = "COUNT", eventName = "mcp.tool_invoked",
              productType = Products.Mcp.Type, filters = (object[])[new { field = "status", @operator = "EQUALS", value = "success" }] },
        new { key = "tokens", name = "Tokens read", unitLabel = "tokens", aggregation = "SUM", eventName = "assistant.completion",
              field = "_llm.input_tokens" },
        new { key = "members", name = "Active members", unitLabel = "members", aggregation = "UNIQUE", eventName = "app.opened",
              field = "member" },
        new { key = "largest-file", name = "Largest file", unitLabel = "bytes", aggregation = "MAX", eventName = "file.uploaded",
              field = "size_bytes",
              filters = (object[])[new { field = "file_type", @operator = "NOT_IN", value = (string[])["zip", "mp4"] }] },
        new { key = "pages", name = "Pages a document", unitLabel = "pages", aggregation = "AVG", eventName = "document.converted",
              field = "pages" },
        new { key = "answer-time", name = "Time to an answer, p95", unitLabel = "ms", aggregation = "PERCENTILE_95",
              eventName = "assistant.question", field = "latency_ms" },
    ];
}
