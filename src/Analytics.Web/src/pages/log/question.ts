import { asInstants } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { type LogFilter, type LogRecord, matches } from "../../live/record.ts";
import { page } from "../../live/search.ts";
import { startIn } from "../../time/dates.ts";

/** What the address asks of the log, in the API's words; it says itself which of them are none. */
export function filterOf(params: URLSearchParams): LogFilter {
  const of = (name: string) => params.getAll(name).filter((text) => text !== "");
  return {
    q: of("q"),
    type: of("type"),
    category: of("category") as LogFilter["category"],
    severity: (params.get("severity") as LogFilter["severity"]) || null,
    actor: of("actor"),
    targetType: of("targetType"),
    targetId: of("targetId"),
    correlationId: of("correlationId"),
  };
}

/** What is asked of the log: a search from now back and, unless the period is over, what comes in. */
export function questionOf(place: Place, limit = page) {
  const filter = filterOf(place.params);
  const tenantId = place.workspace.id;
  const { from, to, timezone } = asInstants(place.range);
  // A record may be told long after its time.
  const first = Date.parse(place.range.instants?.from ?? startIn(place.zone, place.range.start));
  return {
    call: get("/api/v1/events", { query: { tenantId, ...filter, from, to, timezone, limit } }),
    stream: place.range.isLive ? `api/v1/events/stream?tenantId=${tenantId}` : null,
    isWanted: (record: LogRecord) => matches(record, filter) && Date.parse(record.createdAt) >= first,
  };
}
