/** What of a unit's events makes its number. */
export const aggregations = [
  { slug: "COUNT", name: "Number of events", hasField: false },
  { slug: "SUM", name: "Sum of a field", hasField: true },
  { slug: "UNIQUE", name: "Distinct values of a field", hasField: true },
  { slug: "MAX", name: "Largest of a field", hasField: true },
  { slug: "AVG", name: "Average of a field", hasField: true },
  { slug: "PERCENTILE_95", name: "95th percentile of a field", hasField: true },
] as const;

export const operators = [
  { slug: "EQUALS", name: "is" },
  { slug: "NOT_EQUALS", name: "is not" },
  { slug: "GREATER_THAN", name: "is greater than" },
  { slug: "LESS_THAN", name: "is less than" },
  { slug: "CONTAINS", name: "contains" },
  { slug: "NOT_CONTAINS", name: "does not contain" },
  { slug: "IN", name: "is one of" },
  { slug: "NOT_IN", name: "is none of" },
] as const;

export const types = [
  { slug: "API", name: "API" },
  { slug: "AI_AGENT", name: "AI agent" },
  { slug: "MCP_SERVER", name: "MCP server" },
  { slug: "AGENTIC_API", name: "Agentic API" },
] as const;

/** The reader's word for one of the API's. */
export const wordOf = (words: readonly { slug: string; name: string }[], slug: string | null | undefined) =>
  words.find((word) => word.slug === slug)?.name ?? slug ?? "";
