/** What a number counts: which digits it is shown with, and how it is drawn. */
export type Unit =
  | "count"
  | "number"
  | "cents"
  | "subcents"
  | "fraction"
  | "percent"
  | "bytes"
  | "ms"
  | "seconds"
  | "rate"
  | "ratio";

/** Which direction is better. */
export type Sense = "more" | "less" | "neutral";

interface UnitRow {
  /** Buckets of it are amounts: drawn from zero, as bars while there are few. */
  isAmount: boolean;
  /** How an axis is cut: by tens, by 1024, or by the clock. */
  steps: "tens" | "binary" | "clock";
  /** What an axis of tens multiplies by; money goes by its currency. */
  shownTimes: number | "minor";
  /** Between two whole ones there is nothing. */
  isWhole: boolean;
  suffix: string;
}

const plain: UnitRow = { isAmount: false, steps: "tens", shownTimes: 1, isWhole: false, suffix: "" };

export const units: Record<Unit, UnitRow> = {
  count: { ...plain, isAmount: true, isWhole: true },
  number: plain,
  ratio: plain,
  rate: { ...plain, isAmount: true, suffix: " /s" },
  cents: { ...plain, isAmount: true, shownTimes: "minor" },
  subcents: { ...plain, isAmount: true, shownTimes: "minor" },
  fraction: { ...plain, shownTimes: 100, suffix: " %" },
  percent: { ...plain, suffix: " %" },
  bytes: { ...plain, isAmount: true, steps: "binary", isWhole: true },
  ms: { ...plain, steps: "clock" },
  seconds: { ...plain, steps: "clock", shownTimes: 1000 },
};
