/** What of a unit's events makes its number. */
export const aggregations = [
  { slug: "COUNT", name: "Number of events", hasField: false },
  { slug: "SUM", name: "Sum of a field", hasField: true },
  { slug: "UNIQUE", name: "Distinct values of a field", hasField: true },
  { slug: "MAX", name: "Largest of a field", hasField: true },
  { slug: "AVG", name: "Average of a field", hasField: true },
  { slug: "PERCENTILE_95", name: "95th percentile of a field", hasField: true },
] as const;

export const types = [
  { slug: "API", name: "API" },
  { slug: "AI_AGENT", name: "AI agent" },
  { slug: "MCP_SERVER", name: "MCP server" },
  { slug: "AGENTIC_API", name: "Agentic API" },
] as const;
