/** A record of the event log, as its stream sends it. */
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

/** What of the log is asked for; a member that is null asks for nothing. */
export interface LogFilter {
  q: string | null;
  category: string | null;
  severity: string | null;
  actor: string | null;
  target: string | null;
  correlation: string | null;
}

/** Whether a text stands in a string of the payload, however deep. */
function holds(value: unknown, text: string): boolean {
  if (typeof value === "string") return value.toLowerCase().includes(text);
  return typeof value === "object" && value !== null && Object.values(value).some((each) => holds(each, text));
}

/** The log's own filters, as the API has them for its search: the stream does not take them. */
export function matches(record: LogRecord, filter: LogFilter): boolean {
  const least = severities.indexOf(filter.severity as Severity);
  const text = filter.q?.toLowerCase();
  return (
    (!filter.category || record.category === filter.category) &&
    severities.indexOf(record.severity) >= least &&
    (!filter.actor || record.actorId === filter.actor) &&
    (!filter.target || record.targetId === filter.target) &&
    (!filter.correlation || record.correlationId === filter.correlation) &&
    (!text || record.eventType.toLowerCase().includes(text) || holds(record.payload, text))
  );
}
