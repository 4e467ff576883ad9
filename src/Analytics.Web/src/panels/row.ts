import type { Place } from "../address/place.ts";
import type { Call } from "../api/call.ts";
import type { ExportKind } from "./exports.ts";

/** A panel, as a row of its page's catalogue: what it is called, and the one documented call behind it. */
export interface PanelRow<R = unknown> {
  /** Unique among the panels of all pages; `data-panel` in the page. */
  id: string;
  title: string;
  /** One sentence: what is counted, in what. */
  about: string;
  /** The call behind it; null where the address names nothing to ask for yet. */
  call: (place: Place) => Call<R> | null;
  /** The same for the time compared with, where the route does not compare by itself. */
  compared?: (place: Place) => Call<R> | null;
  /** It is about the comparison: it compares with the time before even when the address compares with nothing. */
  isComparison?: boolean;
  /** The route's CSV, if it has one, is not what the panel shows. */
  isJsonOnly?: boolean;
  /** What its menu exports as a whole. */
  exports?: readonly ExportKind[];
  /** It stays as it is until it is asked for again: a list that the reader pages through. */
  isStill?: boolean;
  /** Whether there is nothing to show. */
  isEmpty?: (answer: R) => boolean;
  /** What would fill it: a sentence. */
  fill?: string;
}

/** A row, with its answer's type taken from the call. */
export function panel<R>(row: PanelRow<R>): PanelRow<R> {
  return row;
}
