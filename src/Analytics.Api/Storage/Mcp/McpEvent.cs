using System.Text;
using System.Text.Json;
using Analytics.Sketches;

namespace Analytics.Storage.Mcp;

/// <summary>What an event's name says it is to an MCP server.</summary>
enum McpEventKind
{
    /// <summary>No event of one.</summary>
    None,
    ToolInvoked,
    SessionStarted,
    SessionEnded,

    /// <summary>Any other: all it says is that its session was heard from.</summary>
    Other,
}

/// <summary>
/// Reads what the metadata of an MCP server's event says. Nobody has validated it: what is of another type than it should be is not there.
/// </summary>
readonly ref struct McpEvent
{
    const string Prefix = "mcp.";

    readonly JsonElement metadata;

    McpEvent(JsonElement metadata) => this.metadata = metadata;

    public static McpEventKind KindOf(string name) => !name.StartsWith(Prefix, StringComparison.Ordinal)
        ? McpEventKind.None
        : name switch
        {
            "mcp.tool_invoked" => McpEventKind.ToolInvoked,
            "mcp.session_started" => McpEventKind.SessionStarted,
            "mcp.session_ended" => McpEventKind.SessionEnded,
            _ => McpEventKind.Other,
        };

    public static McpEvent Of(ReadOnlySpan<byte> metadata)
    {
        var reader = new Utf8JsonReader(metadata);
        return new McpEvent(metadata.IsEmpty ? default : JsonElement.ParseValue(ref reader));
    }

    /// <summary>The session it names; null for none.</summary>
    public string? SessionId => Text("session_id");

    /// <summary>Whose number the tool and its server have in common; empty when it names neither.</summary>
    public byte[] Tool => new ToolName(Text("tool"), Text("server")).ToUtf8();

    /// <summary>Empty for none.</summary>
    public byte[] Agent => Encoding.UTF8.GetBytes(Text("agent") ?? "");

    public bool IsError => Text("status") == "error";

    /// <summary>How many milliseconds it took, in units of 1e-12; null when it does not say, or says a negative number.</summary>
    public Int128? Duration => Number("duration_ms") is { } duration && duration >= 0 ? duration : null;

    /// <summary>Cents, in units of 1e-12.</summary>
    public Int128 Revenue => Number("revenue_cents") ?? 0;

    string? Text(string name) =>
        Member(name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } said ? said : null;

    Int128? Number(string name) => Member(name) is { ValueKind: JsonValueKind.Number } number
        && DecimalUnits.TryParse(Encoding.ASCII.GetBytes(number.GetRawText()), out var units)
            ? units
            : null;

    JsonElement? Member(string name) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(name, out var value) ? value : null;
}

/// <summary>A tool and its server, each null when an invocation does not say. Their text has a number in the workspace.</summary>
readonly record struct ToolName(string? Tool, string? Server)
{
    /// <summary>A text that no other two have; empty of nothing.</summary>
    public byte[] ToUtf8() => (Tool ?? Server) is null ? [] : JsonSerializer.SerializeToUtf8Bytes((string?[])[Tool, Server]);

    public static ToolName Parse(string text) =>
        JsonSerializer.Deserialize<string?[]>(text) is [var tool, var server] ? new(tool, server) : default;
}
