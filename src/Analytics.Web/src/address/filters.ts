import { type Interval, intervals, type PeriodSlug, periods } from "./period.ts";

/** What the address says besides the page: one grammar for all pages. What is absent has its default, so plain links stay short. */
export interface Filters {
  period: PeriodSlug;
  /** A date (inclusive) or, after a zoom, an instant. */
  from: string | null;
  to: string | null;
  /** Null: as fine as fits. */
  interval: Interval | null;
  /** Null: the workspace's. */
  tz: string | null;
  compare: "previous" | "year" | null;
  /** Ends at the last bucket that is over. */
  isComplete: boolean;
  customer: string[];
  share: string[];
  source: string | null;
  name: string[];
  endpoint: string | null;
  /** Metadata: dotted path and value. */
  meta: [string, string][];
}

const one = <T extends string>(text: string | null, known: readonly T[]): T | null =>
  known.includes(text as T) ? (text as T) : null;

export function readFilters(params: URLSearchParams): Filters {
  const [from, to] = [params.get("from"), params.get("to")];
  const slug = one(
    params.get("period"),
    periods.map((period) => period.slug),
  );
  return {
    period: slug ?? (from && to ? "custom" : "30d"),
    from: slug ? null : from,
    to: slug ? null : to,
    interval: one(params.get("interval"), intervals),
    tz: params.get("tz"),
    compare: one(params.get("compare"), ["previous", "year"] as const),
    isComplete: params.get("complete") === "1",
    customer: params.getAll("customer"),
    share: params.getAll("share"),
    source: params.get("source"),
    name: params.getAll("name"),
    endpoint: params.get("endpoint"),
    meta: [...params].filter(([name]) => name.startsWith("meta.")).map(([name, value]) => [name.slice(5), value]),
  };
}

/** A change of the address: a list replaces all values of its name, null takes it away. */
export type Patch = Record<string, string | string[] | null | undefined>;

/** The parameters after a change; the others stay as they are. */
export function patched(params: URLSearchParams, patch: Patch): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    next.delete(name);
    for (const each of value === null ? [] : Array.isArray(value) ? value : [value]) next.append(name, each);
  }
  return next;
}

/** Choosing a named period; the plain address is 30 days. */
export const periodPatch = (slug: string): Patch => ({ period: slug === "30d" ? null : slug, from: null, to: null });

/** Choosing dates, or the instants of a zoom. */
export const rangePatch = (from: string, to: string): Patch => ({ period: null, from, to });
