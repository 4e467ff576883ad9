import type { Answer } from "../../api/call.ts";
import type { Value } from "../../api/exact.ts";
import type { Kind } from "../../charts/series.ts";
import type { Sense, Unit } from "../../numbers/units.ts";

/** A day of an app, or of all of them. */
export type Day = Answer<"/statistics/org/{org_id}">["data"][number];

export interface Figure {
  /** The answer's member. */
  slug: keyof Omit<Day, "date">;
  name: string;
  about: string;
  unit: Unit;
  sense: Sense;
  /** How it is drawn day by day: what lasts from day to day is a line. */
  kind?: Kind;
}

export const mau: Figure = {
  slug: "mau",
  name: "Monthly active users",
  about: "Distinct devices of the 30 days that end with the range.",
  unit: "count",
  sense: "more",
  kind: "line",
};

export const storage: Figure = {
  slug: "storage",
  name: "Storage",
  about: "What is stored at the end of the range: the sum of all changes until then.",
  unit: "bytes",
  sense: "neutral",
  kind: "line",
};

export const bandwidth: Figure = {
  slug: "bandwidth",
  name: "Bandwidth",
  about: "What was downloaded in the range.",
  unit: "bytes",
  sense: "neutral",
};

export const perUser: Figure = {
  slug: "bandwidth_per_user",
  name: "Bandwidth per user",
  about: "Bandwidth of the range by its monthly active users.",
  unit: "bytes",
  sense: "neutral",
};

export const perApp: Figure = {
  slug: "storage_per_app",
  name: "Storage per app",
  about: "Storage by apps that ever stored anything.",
  unit: "bytes",
  sense: "neutral",
};

/** A figure of a day; null where the day, or the figure, was not asked for. */
export const figureOf = (day: Day | undefined, { slug }: Figure): Value | null => day?.[slug] ?? null;
