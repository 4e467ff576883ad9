import type { Unit } from "../../numbers/units.ts";

export interface Measure {
  /** As the API names it. */
  value: "count" | "avgLatency" | "errorRate" | "p95" | "p99";
  name: string;
  unit: Unit;
  /** The API's 0 is no number of it: there were no requests. */
  isMissingAtZero: boolean;
}

/** What a cell of a heatmap can say. */
export const measures: Measure[] = [
  { value: "count", name: "Requests", unit: "count", isMissingAtZero: false },
  { value: "avgLatency", name: "Average latency", unit: "ms", isMissingAtZero: true },
  { value: "p95", name: "p95", unit: "ms", isMissingAtZero: true },
  { value: "p99", name: "p99", unit: "ms", isMissingAtZero: true },
  { value: "errorRate", name: "Errors", unit: "percent", isMissingAtZero: false },
];

/** The measure that the address asks for. */
export function measureOf(params: URLSearchParams): Measure {
  return measures.find((measure) => measure.value === params.get("measure")) ?? (measures[0] as Measure);
}
