namespace Analytics.Commands.Demo.Life;

/// <summary>What is sold: its key, its name and what it is.</summary>
sealed record Product(string Key, string Name, string Type);

/// <summary>All of them. The assistant costs more than it brings.</summary>
static class Products
{
    public static readonly Product Files = new("files", "File sharing", "API");
    public static readonly Product Assistant = new("assistant", "Assistant", "AI_AGENT");
    public static readonly Product Mcp = new("files-mcp", "Files for agents", "MCP_SERVER");
    public static readonly Product Converter = new("converter", "Document conversion", "AGENTIC_API");

    public static readonly Product[] All = [Files, Assistant, Mcp, Converter];
}
