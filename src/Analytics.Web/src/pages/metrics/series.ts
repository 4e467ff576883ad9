import type { Answer } from "../../api/call.ts";
import type { Value } from "../../api/exact.ts";
import type { MetricRow } from "./catalogue.ts";

export type Metrics = Answer<"/api/metrics">;

/** A metric's values per bucket: null where it is a quotient of nothing. */
export function valuesOf(periods: Metrics["periods"], metric: MetricRow): (Value | null)[] {
  return periods.map((period) => {
    const values = period as Record<string, unknown>;
    const isMissing = metric.per !== undefined && metric.per in values && Number(values[metric.per]) === 0;
    return isMissing ? null : ((values[metric.slug] as Value | undefined) ?? null);
  });
}

export const isPartial = (periods: Metrics["periods"]) => periods.at(-1)?.partial ?? false;
