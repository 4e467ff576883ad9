/** What is asked about. */
export const datasets = [
  { slug: "events", name: "Events" },
  { slug: "requests", name: "API requests" },
] as const;

/** What is made of the values of a group; any percentile from p1 to p99 is one, these are offered. */
export const aggregations = [
  { slug: "count", name: "Number of" },
  { slug: "sum", name: "Sum of" },
  { slug: "avg", name: "Average of" },
  { slug: "min", name: "Smallest of" },
  { slug: "max", name: "Largest of" },
  { slug: "unique", name: "Distinct values of" },
  { slug: "p50", name: "Median of" },
  { slug: "p90", name: "90th percentile of" },
  { slug: "p95", name: "95th percentile of" },
  { slug: "p99", name: "99th percentile of" },
] as const;

/** What a request has. */
export const requestFields = [
  "endpoint",
  "method",
  "statusCode",
  "latencyMs",
  "customer",
  "productId",
  "apiKeyId",
  "requestSize",
  "responseSize",
];

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

/** The reader's word for one of the API's. */
export const wordOf = (words: readonly { slug: string; name: string }[], slug: string | null | undefined) =>
  words.find((word) => word.slug === slug)?.name ?? slug ?? "";
