import type { Answer } from "../../api/call.ts";
import type { Value } from "../../api/exact.ts";
import type { MetricRow } from "./catalogue.ts";

export type Metrics = Answer<"/api/metrics">;

/** A metric's value in a bucket, or its total: null where it is a quotient of nothing. */
export function metricIn(values: Metrics["periods"][number] | Metrics["totals"], metric: MetricRow): Value | null {
  const all = values as Record<string, Value | undefined>;
  const isMissing = metric.per !== undefined && metric.per in all && Number(all[metric.per]) === 0;
  return isMissing ? null : (all[metric.slug] ?? null);
}

/** The same of every bucket. */
export const valuesOf = (periods: Metrics["periods"], metric: MetricRow): (Value | null)[] =>
  periods.map((period) => metricIn(period, metric));

export const isPartial = (periods: Metrics["periods"]) => periods.at(-1)?.partial ?? false;
