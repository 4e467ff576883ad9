import type { Sense, Unit } from "../../numbers/units.ts";

interface Figure {
  /** The API's name. */
  slug: "totalSessions" | "activeSessions" | "avgDurationSeconds" | "p95DurationSeconds";
  name: string;
  about: string;
  unit: Unit;
  sense: Sense;
  /** It is about now, whatever the range. */
  isNow?: boolean;
  /** Without a session that has ended there is no number. */
  isOfEnded?: boolean;
}

export const figures: Figure[] = [
  { slug: "totalSessions", name: "Sessions", about: "Those that began in the range.", unit: "count", sense: "more" },
  {
    slug: "activeSessions",
    name: "Active now",
    about: "Those that have not ended and were heard from in the last 30 minutes, whatever the range.",
    unit: "count",
    sense: "neutral",
    isNow: true,
  },
  {
    slug: "avgDurationSeconds",
    name: "Average length",
    about: "What those lasted on average that have ended.",
    unit: "seconds",
    sense: "neutral",
    isOfEnded: true,
  },
  {
    slug: "p95DurationSeconds",
    name: "Length, p95",
    about: "Of twenty that have ended one lasted longer.",
    unit: "seconds",
    sense: "neutral",
    isOfEnded: true,
  },
];
