import { asInstants } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import { addressOf, get } from "../../api/call.ts";
import type { LogRecord, Severity } from "../../live/record.ts";
import { page } from "../../live/search.ts";
import { startIn } from "../../time/dates.ts";

/** What of the log is asked for, in the API's words: any of a member's texts, and all of the members. An empty one asks for nothing. */
interface LogFilter {
  q: string[];
  type: string[];
  category: LogRecord["category"][];
  /** This one and above. */
  severity: Severity | null;
  actor: string[];
  targetType: string[];
  targetId: string[];
  correlationId: string[];
}

/** What the address asks of the log; the API says itself which of them are none. */
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
export function questionOf(place: Place) {
  const asked = { tenantId: place.workspace.id, ...filterOf(place.params) };
  const { from, to, timezone } = asInstants(place.range);
  // A record may be told long after its time.
  const first = Date.parse(place.range.instants?.from ?? startIn(place.zone, place.range.start));
  return {
    call: get("/api/v1/events", { query: { ...asked, from, to, timezone, limit: page } }),
    stream: place.range.isLive ? addressOf("api/v1/events/stream", asked) : null,
    isWanted: (record: LogRecord) => Date.parse(record.createdAt) >= first,
  };
}
