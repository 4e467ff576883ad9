import type { Value } from "../../api/exact.ts";
import type { LogRecord } from "../../live/record.ts";
import type { Unit } from "../../numbers/units.ts";

const isValue = (value: unknown): value is Value => typeof value === "number" || typeof value === "string";

/** What a record took: a request its time, an event its cost. */
export function weightOf({ eventType, payload }: LogRecord): { value: Value; unit: Unit } | null {
  if (eventType === "request.completed" && isValue(payload.latencyMs)) return { value: payload.latencyMs, unit: "ms" };
  const cost = payload._cost as { amount?: unknown } | null | undefined;
  return isValue(cost?.amount) ? { value: cost.amount, unit: "subcents" } : null;
}
