import { type Decimal, isBelow, isZero, rounded, significant, written } from "./decimal.ts";

const two = (number: number) => String(number).padStart(2, "0");

/** A length of time, from milliseconds: `0.42 ms`, `245 ms`, `3.2 s`, `2 m 05 s`, `3 h 07 m`, `2 d 04 h`. */
export function clock(ms: Decimal): string {
  if (isZero(ms)) return "0 ms";
  const short = isBelow(ms, 10) ? significant(ms, 2) : rounded(ms, 0);
  if (isBelow(short, 1000)) return `${written(short)} ms`;
  const value = Number(short.units) / 10 ** short.places;
  const sign = value < 0 ? "-" : "";
  const tenths = Math.round(Math.abs(value) / 100);
  return sign + long(tenths);
}

function long(tenths: number): string {
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(tenths / 10);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24).toLocaleString("en")} d ${two(hours % 24)} h`;
}
