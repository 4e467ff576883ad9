import { useMemo } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { usePathname, useSearch } from "wouter-preact/use-browser-location";
import type { Workspace } from "../session/session.ts";
import { session } from "../session/session.ts";
import { minute } from "../time/clock.ts";
import type { DateText } from "../time/dates.ts";
import { dateIn } from "../time/dates.ts";
import { type Filters, type Patch, patched, readFilters } from "./filters.ts";
import { type Range, rangeOf } from "./period.ts";

/** Where the reader is: the workspace, the page, and what the address asks for. Every call of a page follows from it. */
export interface Place {
  workspace: Workspace;
  /** The page's slug, and what stands behind it. */
  page: string;
  rest: string[];
  filters: Filters;
  range: Range;
  /** The zone of the page's days: the address's, else the workspace's. */
  zone: string;
  /** Its days are those of UTC, whatever the address says. */
  isUtc: boolean;
  today: DateText;
  params: URLSearchParams;
  /** Changes the address: a step in the history, unless it replaces the last one (typing). */
  set(patch: Patch, how?: { replace?: boolean; isZoom?: boolean }): void;
  /** The address of another page, with the filters that all pages share. */
  href(page: string, patch?: Patch): string;
  go(page: string, patch?: Patch): void;
}

/** API requests are counted by the minute too, and whatever is asked for; the first by nothing longer than a day. */
export const routesOf = (page: string) => ({
  hasMinutes: page === "api" || page === "explore",
  isUpToDays: page === "api",
});

/** Apps are counted by days in UTC alone. */
const pageOfUtc = "apps";

/** Requests, the log, lists of events and whatever is asked for begin and end at any instant; what is counted otherwise goes by days. */
const isOfDays = (page: string, rest: string[]) =>
  !routesOf(page).hasMinutes && page !== "log" && !(page === "events" && rest[0] === "browse");

/** What goes along from page to page; the rest is one page's own. */
const shared = ["period", "from", "to", "interval", "tz", "compare", "complete", "customer"];

function sharedOf(params: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...params].filter(([name]) => shared.includes(name)));
}

const addressOf = (path: string, params: URLSearchParams) => {
  const text = params.toString();
  return text ? `${path}?${text}` : path;
};

/** Where the page lies: wherever a proxy has put it. */
export const base = new URL(document.baseURI).pathname.replace(/\/$/, "");

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Where the reader is; null where no workspace of theirs is named. */
export function usePlace(): Place | null {
  const [, navigate] = useLocation();
  // As they stand: the router's own decode some of the escapes, and what is decoded twice is another text.
  const path = usePathname().slice(base.length) || "/";
  const search = useSearch();
  const workspaces = session.value?.workspaces;
  const now = minute.value;
  return useMemo(() => {
    const [slug = "", page = "overview", ...rest] = path.split("/").filter(Boolean).map(decoded);
    const workspace = workspaces?.find((each) => each.slug === slug);
    if (!workspace) return null;
    const params = new URLSearchParams(search);
    const filters = readFilters(params);
    const isUtc = page === pageOfUtc;
    const zone = isUtc ? "UTC" : isZone(filters.tz) ? filters.tz : workspace.timezone;
    const asked = { ...filters, zone, ...routesOf(page), isWholeDays: isOfDays(page, rest) };
    const oldest = dateIn(zone, new Date(now.getTime() - workspace.retention_days * 86_400_000));
    const range = rangeOf(asked, now, filters.period === "all" ? oldest : "2000-01-01");
    const href = (to: string, patch: Patch = {}) => addressOf(`/${slug}/${to}`, patched(sharedOf(params), patch));
    return {
      workspace,
      page,
      rest,
      filters,
      range,
      zone,
      isUtc,
      today: dateIn(zone, now),
      params,
      set: (patch, how) => {
        // What was chosen since this was drawn stays.
        const there = new URLSearchParams(location.search);
        const wanted = patched(there, patch);
        const next = addressOf(path, wanted);
        // An hour of a day, where whole days are asked for, is that day again.
        const isSame = how?.isZoom && isSameTime(rangeOf({ ...asked, ...readFilters(wanted) }, now), range);
        if (next !== addressOf(path, there) && !isSame)
          navigate(next, { replace: how?.replace ?? false, state: how?.isZoom ? { isZoom: true } : null });
      },
      href,
      go: (to, patch) => navigate(href(to, patch)),
    };
  }, [path, search, workspaces, navigate, now]);
}

const isSameTime = (one: Range, other: Range) =>
  one.start === other.start &&
  one.end === other.end &&
  one.instants?.from === other.instants?.from &&
  one.instants?.to === other.instants?.to;

function isZone(name: string | null): name is string {
  try {
    return !!name && !!new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    return false;
  }
}
