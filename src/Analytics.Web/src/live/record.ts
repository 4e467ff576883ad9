/** A record of the event log, as its search and its stream tell it. */
export interface LogRecord {
  eventId: string;
  eventType: string;
  category: (typeof categories)[number];
  source: string;
  severity: Severity;
  actorType: string | null;
  actorId: string | null;
  targetType: string | null;
  targetId: string | null;
  payload: Record<string, unknown>;
  correlationId: string | null;
  createdAt: string;
}

/** From the least to the most. */
export const severities = ["INFO", "WARN", "ERROR", "CRITICAL"] as const;
export type Severity = (typeof severities)[number];

export const categories = ["API", "BILLING", "AUTH", "SYSTEM", "USAGE"] as const;

/** What of the log is asked for, in the API's words: any of a member's texts, and all of the members. An empty one asks for nothing. */
export interface LogFilter {
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

/** Whether a text stands in a string of the payload, however deep. */
function holds(value: unknown, text: string): boolean {
  if (typeof value === "string") return value.toLowerCase().includes(text);
  return typeof value === "object" && value !== null && Object.values(value).some((each) => holds(each, text));
}

const has = (wanted: string[], text: string | null) => wanted.length === 0 || (text !== null && wanted.includes(text));

/** The log's own filters, as the API has them for its search: the stream does not take them. */
export function matches(record: LogRecord, filter: LogFilter): boolean {
  const least = filter.severity === null ? 0 : severities.indexOf(filter.severity);
  const isFound = (text: string) => record.eventType.toLowerCase().includes(text) || holds(record.payload, text);
  return (
    severities.indexOf(record.severity) >= least &&
    has(filter.category, record.category) &&
    has(filter.type, record.eventType) &&
    has(filter.actor, record.actorId) &&
    has(filter.targetType, record.targetType) &&
    has(filter.targetId, record.targetId) &&
    has(filter.correlationId, record.correlationId) &&
    (filter.q.length === 0 || filter.q.some((text) => isFound(text.toLowerCase())))
  );
}
