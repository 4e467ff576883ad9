namespace Analytics.Storage.Business;

/// <summary>
/// How many texts of a kind a workspace has numbers for, where whoever sends events makes them up. The first ones have a number each and
/// for good; all others count together. What an event counts for never changes: a text that has a number counts by itself from the event
/// on that got it one.
/// </summary>
static class TextRoom
{
    public const int Most = 2_000;

    /// <summary>Portal keys leave the house: what they alone name has a room of its own, for so many, so that they take nobody's.</summary>
    public const int MostOfPortals = 500;

    /// <summary>The number of the others. Behind it are registered products, for which there is room always.</summary>
    public const int OtherNumber = Most + 1;

    /// <summary>Behind this number are those of portal keys.</summary>
    public const int PortalsFrom = 1_000_000;

    /// <summary>What the others are called.</summary>
    public const string Other = "__other__";

    static readonly byte[] OtherText = System.Text.Encoding.UTF8.GetBytes(Other);
    static readonly byte[] OtherTool = new Mcp.ToolName(Other, null).ToUtf8();

    /// <summary>The text that the others count as; null of kinds for which there is room always.</summary>
    public static byte[]? OtherOf(TextKind kind) => kind switch
    {
        TextKind.Product or TextKind.Agent => OtherText,
        TextKind.Tool => OtherTool,
        _ => null,
    };
}
