namespace Analytics.Features.Business.Mcp;

/// <summary>The parameters of questions about MCP servers, as sent.</summary>
public sealed record McpRequest : PeriodRequest;
