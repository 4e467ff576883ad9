import type { Value } from "../api/exact.ts";

/** Up to so many values in the answer's range percentiles are exact. */
const most = 100;

/** How right a percentile over so many values is, in the API's words. */
export const precisionOf = (count: Value) => (Number(count) <= most ? "exact" : "within 1 %");
