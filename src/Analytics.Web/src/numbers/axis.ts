import { currencyOf, type Money, priced } from "./money.ts";
import { stepOfClock, stepOfTens, stepOfTwos } from "./steps.ts";
import { type Unit, units } from "./units.ts";

/** An upright axis: from where to where, and what is written beside it. */
export interface Axis {
  low: number;
  high: number;
  ticks: { value: number; text: string }[];
}

/** The axis that shows values from low to high. Amounts start at nothing, and so do values near it, and those that are all alike. */
export function axisOf(low: number, high: number, unit: Unit, money: Money): Axis {
  const isFromZero = units[unit].isAmount || low < high / 2 || high - low < 1e-6 * Math.abs(high);
  const [from, to] = isFromZero ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  const { times, stepOf, textOf } = scaleOf(unit, money);
  if (from === to) return { low: 0, high: 1, ticks: [{ value: 0, text: textOf(0, 1, 0) }] };
  const step = stepOf(from * times, to * times);
  const first = Math.floor((from * times) / step + 1e-9);
  const last = Math.max(Math.ceil((to * times) / step - 1e-9), first + 1);
  const biggest = Math.max(Math.abs(first), Math.abs(last)) * step;
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => {
    const shown = (first + index) * step;
    return { value: shown / times, text: textOf(shown, step, biggest) };
  });
  return { low: (first * step) / times, high: (last * step) / times, ticks };
}

interface Scale {
  /** What is shown is so many times the value. */
  times: number;
  stepOf: (from: number, to: number) => number;
  /** A tick, the step and the biggest tick go in: all ticks of an axis are written alike. */
  textOf: (shown: number, step: number, biggest: number) => string;
}

function scaleOf(unit: Unit, money: Money): Scale {
  const { steps, shownTimes, isWhole, suffix } = units[unit];
  if (steps === "binary") return { times: 1, stepOf: stepOfTwos, textOf: inSizes(1024, bytes) };
  if (steps === "clock") return { times: Number(shownTimes), stepOf: stepOfClock, textOf: clockText };
  const letters = inSizes(1000, ["", "k", "M", "B", "T"]);
  const currency = shownTimes === "minor" ? currencyOf(money) : null;
  return {
    times: currency ? 1 / 10 ** currency.places : Number(shownTimes),
    stepOf: (from, to) => Math.max(stepOfTens(from, to), isWhole ? 1 : 0),
    textOf: (shown, step, biggest) => {
      const text = letters(shown, step, biggest);
      return currency ? priced(text, currency) : text + (shown === 0 ? "" : suffix);
    },
  };
}

const bytes = [" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"];

/** In the size of the biggest tick; up to 9,999 there is none. Past the sizes, and far behind the point, by a power of ten. */
function inSizes(base: number, names: string[]): Scale["textOf"] {
  return (shown, step, biggest) => {
    if (shown === 0) return "0";
    const power =
      base === 1000 && biggest < 10_000 ? 0 : Math.max(0, Math.floor(Math.log(biggest) / Math.log(base) + 1e-9));
    const name = names[power];
    if (name === undefined || step < 1e-6) return Number(shown.toPrecision(3)).toExponential().replace("+", "");
    return plain(shown / base ** power, step / base ** power) + name;
  };
}

/** With as many places as its step has. */
function plain(shown: number, step: number): string {
  let digits = 0;
  while (digits < 8 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6 * step * 10 ** digits)
    digits++;
  const [whole = "", part] = shown.toFixed(digits).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? `.${part}` : "");
}

const sizes: [ms: number, name: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "m"],
  [1000, "s"],
  [1, "ms"],
];

function clockText(shown: number, step: number, biggest: number): string {
  const [ms, name] = sizes.find(([size]) => biggest >= size) ?? [1, "ms"];
  return shown === 0 ? "0" : `${plain(shown / ms, step / ms)} ${name}`;
}
