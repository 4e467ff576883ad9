import { double, type Value } from "../api/exact.ts";
import {
  type Decimal,
  decimal,
  isBelow,
  isNegative,
  isZero,
  magnitude,
  rounded,
  shift,
  significant,
  written,
} from "./decimal.ts";
import { clock } from "./duration.ts";
import { currencyOf, type Money, priced } from "./money.ts";
import type { Sense, Unit } from "./units.ts";

export type { Value } from "../api/exact.ts";
export type { Money } from "./money.ts";

/** What stands where there is no number. */
export const none = "-";

/** A number in short: for tiles, labels and axes. */
export function format(value: Value | null, unit: Unit, money: Money): string {
  const number = value === null ? null : decimal(value);
  return number ? forms[unit].brief(number, money) : none;
}

/** A number with every digit it has: for tables and hovers. */
export function exact(value: Value | null, unit: Unit, money: Money): string {
  const number = value === null ? null : decimal(value);
  return number ? forms[unit].full(number, money) : none;
}

interface Form {
  brief: (number: Decimal, money: Money) => string;
  full: (number: Decimal, money: Money) => string;
}

const forms: Record<Unit, Form> = {
  count: { brief: (number) => compact(number, tidy), full: (number) => written(number) },
  number: { brief: (number) => compact(number, tidy), full: (number) => written(number) },
  ratio: { brief: (number) => compact(number, (small) => tidy(small, 2)), full: (number) => written(number) },
  rate: { brief: (number) => `${compact(number, tidy)} /s`, full: (number) => `${written(number)} /s` },
  cents: { brief: cents, full: allCents },
  subcents: { brief: subcents, full: allCents },
  fraction: { brief: (number) => percent(shift(number, 2)), full: (number) => `${written(shift(number, 2))} %` },
  percent: { brief: percent, full: (number) => `${written(number)} %` },
  bytes: { brief: bytes, full: (number) => `${written(number)} B` },
  ms: { brief: (number) => clock(number), full: (number) => `${written(number)} ms` },
  seconds: { brief: (number) => clock(shift(number, 3)), full: (number) => `${written(number)} s` },
};

/** Two places, or three digits where two places would show next to nothing. */
function tidy(number: Decimal, leastPlaces = 0): string {
  const short = isBelow(number, 1) && !isZero(number) ? significant(number, 3) : rounded(number, 2);
  return written(short, leastPlaces);
}

const thousands = ["", "k", "M", "B", "T"];

/** All of it up to 9,999, then three digits and a letter, and where letters end a power of ten. */
function compact(number: Decimal, small: (number: Decimal) => string, from = 10_000): string {
  if (isBelow(number, from)) return small(number);
  const short = significant(number, 3);
  const power = Math.floor(magnitude(short) / 3);
  const letter = thousands[power];
  const scaled = shift(short, letter === undefined ? -magnitude(short) : -3 * power);
  return written(scaled, Math.max(0, 2 - magnitude(scaled))) + (letter ?? `e${magnitude(short)}`);
}

function cents(number: Decimal, money: Money): string {
  const currency = currencyOf(money);
  const small = (whole: Decimal) => written(rounded(whole, currency.places), currency.places);
  return priced(compact(shift(number, -currency.places), small, 100_000), currency);
}

/** A cost that is not nothing never reads as nothing. */
function subcents(number: Decimal, money: Money): string {
  const { places, ...currency } = currencyOf(money);
  const whole = shift(number, -places);
  if (isZero(number) || !isBelow(whole, 1)) return cents(number, money);
  const short = isBelow(number, 1) ? significant(whole, 3) : rounded(whole, places + 2);
  return priced(written(short, places), { ...currency, places });
}

function allCents(number: Decimal, money: Money): string {
  const currency = currencyOf(money);
  return priced(written(shift(number, -currency.places), currency.places), currency);
}

/** One place; what rounding would make nothing, or all, says so. */
function percent(number: Decimal): string {
  const short = rounded(number, 1);
  if (isZero(short) && !isZero(number)) return isNegative(number) ? "> -0.1 %" : "< 0.1 %";
  if (!isBelow(short, 100) && isBelow(number, 100)) return isNegative(number) ? "< -99.9 %" : "> 99.9 %";
  return `${written(short, 1)} %`;
}

const powers = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

function bytes(number: Decimal): string {
  let [value, power] = [Number(`${number.units}e-${number.places}`), 0];
  while (Math.abs(value) >= (power === 0 ? 1024 : 999.5) && power < powers.length - 1)
    [value, power] = [value / 1024, power + 1];
  const short =
    power === 0 ? value.toFixed(0) : Math.abs(value) < 999.5 ? String(Number(value.toPrecision(3))) : value.toFixed(0);
  return `${short} ${powers[power]}`;
}

export interface Change {
  text: string;
  arrow: "up" | "down" | "none";
  tone: "better" | "worse" | "neutral";
}

/** How a number moved from the one before it; from nothing it is new, and with nothing to compare there is nothing to say. */
export function change(now: Value, before: Value | null, sense: Sense): Change {
  const [to, from] = [double(now), before === null ? Number.NaN : double(before)];
  if (!Number.isFinite(to - from) || (to === 0 && from === 0)) return { text: none, arrow: "none", tone: "neutral" };
  if (from === 0) return { ...turn(to, sense), text: "new" };
  return changeBy((to - from) / Math.abs(from), sense);
}

/** The same, where the API has already divided. */
export function changeBy(fraction: number, sense: Sense): Change {
  const percents = fraction * 100;
  const text =
    Math.abs(percents) < 999.95
      ? Math.abs(percents).toFixed(1)
      : written({ units: BigInt(Math.round(Math.abs(percents))), places: 0 });
  if (text === "0.0") return { text: "0.0 %", arrow: "none", tone: "neutral" };
  return { ...turn(percents, sense), text: `${percents > 0 ? "+" : "-"}${text} %` };
}

function turn(by: number, sense: Sense): Pick<Change, "arrow" | "tone"> {
  const isBetter = by > 0 === (sense === "more");
  return { arrow: by > 0 ? "up" : "down", tone: sense === "neutral" ? "neutral" : isBetter ? "better" : "worse" };
}
