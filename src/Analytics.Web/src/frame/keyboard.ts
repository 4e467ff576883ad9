import { useLayoutEffect } from "preact/hooks";
import { periodPatch, rangePatch } from "../address/filters.ts";
import { intervalsOf, periods, shifted } from "../address/period.ts";
import { type Place, routesOf } from "../address/place.ts";
import { type FilterName, filtersAt, pagesFor } from "../pages/catalogue.ts";
import { type Session, session } from "../session/session.ts";
import { daysFrom } from "../time/dates.ts";
import { isHelpOpen } from "./Help.tsx";
import { hasShortcuts } from "./kept.ts";

/** Whether a key belongs to what the reader is typing into, or to the browser. */
export function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  return (
    event.defaultPrevented ||
    event.isComposing ||
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    target.isContentEditable ||
    !!target.closest("input:not([type=checkbox]), textarea, select, [role=menu]") ||
    // What had the focus may have gone from it.
    !!document.querySelector("dialog[open]")
  );
}

const compares = [null, "previous", "year"] as const;

const clear = { period: null, from: null, to: null, interval: null, compare: null, complete: null, tz: null };

/** The filters that Escape takes away: those of one page, then the shared ones. */
function cleared(place: Place) {
  const names = [...place.params.keys()].filter((name) => !(name in clear));
  return names.length > 0 ? Object.fromEntries(names.map((name) => [name, null])) : clear;
}

function step(place: Place, by: 1 | -1): void {
  const next = shifted(place.range, by, place.today);
  if (next) place.set(rangePatch(next.from, next.to));
}

/** The next or the last row of what the page lists: it gets the focus, Enter opens it. */
function stepRow(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("main .row-link")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? rows.at(by === 1 ? 0 : -1) : rows[at + by];
  next?.focus();
  return rows.length > 0;
}

/** What each key does; true when it did something. */
function act(key: string, event: KeyboardEvent, place: Place): boolean {
  const filters = filtersAt(place);
  const has = (name: FilterName) => filters.includes(name);
  const period = periods.find((each) => each.key === key);
  if (period && has("period")) place.set(periodPatch(period.slug));
  else if (key === "x" && has("compare"))
    place.set({ compare: compares[(compares.indexOf(place.filters.compare) + 1) % compares.length] ?? null });
  else if (key === "i" && has("interval")) {
    const allowed = intervalsOf(daysFrom(place.range.start, place.range.end), routesOf(place.page));
    place.set({ interval: allowed[(allowed.indexOf(place.range.interval) + 1) % allowed.length] ?? null });
  } else if (
    (key === "arrowleft" || key === "arrowright") &&
    has("period") &&
    !(event.target as HTMLElement).closest("[data-arrows]")
  )
    step(place, key === "arrowleft" ? -1 : 1);
  else if (key === "c" && has("period")) document.querySelector<HTMLElement>("[data-dates]")?.click();
  else if (key === "/") document.querySelector<HTMLElement>("input[type=search]")?.focus();
  else if (key === "j" || key === "k") return stepRow(key === "j" ? 1 : -1);
  else if (key === "escape" && (history.state as { isZoom?: boolean } | null)?.isZoom) history.back();
  else if (key === "escape") place.set(cleared(place));
  else return false;
  return true;
}

/** `g`, then a page's letter. */
const patience = 1500;

export function useKeyboard(place: Place | null): void {
  // Before the next key comes: it goes by the address that this one made.
  useLayoutEffect(() => {
    let goSince = 0;
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      if (event.key === "?") {
        isHelpOpen.value = true;
        return event.preventDefault();
      }
      if (!hasShortcuts.value || !place) return;
      const key = event.key.toLowerCase();
      const isGoing = Date.now() - goSince < patience;
      goSince = !isGoing && key === "g" ? Date.now() : 0;
      const page = isGoing && pagesFor(session.value as Session, place.workspace).find((each) => each.key === key);
      if (page) place.go(page.slug);
      else if (isGoing || key === "g" || !act(key, event, place)) return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [place]);
}
