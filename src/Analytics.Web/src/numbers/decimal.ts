import { digits, type Value } from "../api/exact.ts";

/** A decimal number by its digits, so that none of them is lost to a double: `units` times ten to the minus `places`. */
export interface Decimal {
  units: bigint;
  places: number;
}

const form = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** The digits of a value; null where it is no finite number. */
export function decimal(value: Value): Decimal | null {
  const found = form.exec(digits(value).trim());
  if (!found) return null;
  const [, sign, whole = "0", part = "", exponent = "0"] = found;
  const units = BigInt(sign + whole + part);
  return trimmed(shift({ units, places: part.length }, Number(exponent)));
}

/** Times ten to the power. */
export function shift({ units, places }: Decimal, power: number): Decimal {
  const left = places - power;
  return left >= 0 ? { units, places: left } : { units: units * 10n ** BigInt(-left), places: 0 };
}

/** Without zeros at its end. */
function trimmed({ units, places }: Decimal): Decimal {
  let [rest, left] = [units, places];
  while (left > 0 && rest % 10n === 0n) [rest, left] = [rest / 10n, left - 1];
  return { units: rest, places: left };
}

const size = (units: bigint) => (units < 0n ? -units : units);

/** With so many places at most, fewer than none for tens and hundreds; halves go away from zero. */
export function rounded(number: Decimal, places: number): Decimal {
  if (number.places <= places) return number;
  const cut = 10n ** BigInt(number.places - places);
  const half = number.units < 0n ? -cut / 2n : cut / 2n;
  return shift({ units: (number.units + half) / cut, places: 0 }, -places);
}

/** The power of ten of its first digit: 0 for 7, 2 for 123, -3 for 0.001. */
export function magnitude({ units, places }: Decimal): number {
  return size(units).toString().length - 1 - places;
}

/** With so many digits that count. */
export function significant(number: Decimal, count: number): Decimal {
  return rounded(number, count - 1 - magnitude(number));
}

/** In plain digits, thousands parted by commas, with at least so many places. */
export function written(number: Decimal, leastPlaces = 0): string {
  const { units, places } = trimmed(number);
  const all = size(units)
    .toString()
    .padStart(places + 1, "0");
  const whole = all.slice(0, all.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  const part = all.slice(all.length - places).padEnd(leastPlaces, "0");
  return `${units < 0n ? "-" : ""}${whole}${part && "."}${part}`;
}

export const isZero = ({ units }: Decimal): boolean => units === 0n;

/** Compared without its sign. */
export function isBelow({ units, places }: Decimal, limit: number): boolean {
  const whole = size(units);
  return whole < BigInt(limit) * 10n ** BigInt(places);
}

export const isNegative = ({ units }: Decimal): boolean => units < 0n;
