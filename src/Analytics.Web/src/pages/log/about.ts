import { customerSegment } from "../../address/customer.ts";
import type { Place } from "../../address/place.ts";
import type { LogRecord } from "../../live/record.ts";
import { may, session } from "../../session/session.ts";

/** A page of the dashboard that has more about something in a record. */
export interface About {
  title: string;
  href: string;
}

/** The page of a thing, by its sort; null where there is none, or it is not the reader's to see. */
export function pageOf(place: Place, kind: string | null, id: string | null): string | null {
  if (id === null) return null;
  const has = (scope: string) => may(place.workspace, scope);
  switch (kind) {
    case "customer":
      return has("events:read") ? place.href(`customers/${customerSegment(id)}`, { customer: null }) : null;
    case "endpoint":
      return has("stats:read") ? place.href("api/endpoints", { endpoint: id }) : null;
    case "app":
      return has("stats:read") && !session.value?.customer ? place.href(`apps/${encodeURIComponent(id)}`) : null;
    case "api_key":
      // Keys of a product's own API have other ids than the workspace's.
      return has("admin") && isUuid(id) ? place.href("settings/keys") : null;
    case "user":
    case "member":
      return has("admin") && isUuid(id) ? place.href("settings/members") : null;
    default:
      return null;
  }
}

const isUuid = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

/** What the product told, not the service: it is found among the events. */
const isEvent = ({ source, eventType }: LogRecord) => source === "user" && eventType !== "request.completed";

/** Where there is more about a record than it says itself. */
export function linksOf(record: LogRecord, place: Place): About[] {
  const has = (scope: string) => may(place.workspace, scope);
  const links: (About | false)[] = [
    isEvent(record) &&
      has("events:read") && { title: "The event and its trace", href: place.href(`events/browse/${record.eventId}`) },
    record.correlationId !== null && {
      title: "Everything of this correlation",
      href: place.href("log", { correlationId: record.correlationId }),
    },
    record.eventType === "request.completed" && {
      title: "Customer",
      href: pageOf(place, "customer", customerIn(record)) ?? "",
    },
  ];
  return links.filter((link) => link !== false).filter((link) => link.href !== "");
}

/** The customer that a request names. */
function customerIn({ payload }: LogRecord): string | null {
  const { customerId } = payload;
  return typeof customerId === "string" && customerId !== "anonymous" ? customerId : null;
}
