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
