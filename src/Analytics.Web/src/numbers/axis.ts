import { tickStep } from "d3-array";
import { currencyOf, type Money, priced } from "./money.ts";
import { type Unit, units } from "./units.ts";

/** An upright axis: from where to where, and what is written beside it. */
export interface Axis {
  low: number;
  high: number;
  ticks: { value: number; text: string }[];
}

/** About how many steps an axis has. */
const aim = 4;

/** The axis that shows values from low to high. Amounts start at nothing, and so does what comes near it. */
export function axisOf(low: number, high: number, unit: Unit, money: Money): Axis {
  const isFromZero = units[unit].isAmount || low < high / 2 || low === high;
  const [from, to] = isFromZero ? [Math.min(0, low), Math.max(0, high)] : [low, high];
  const rule = ruleOf(unit, money);
  if (from === to) return { low: 0, high: 1, ticks: [{ value: 0, text: rule.text(0, 1, 0) }] };
  const step = rule.step(from, to);
  const [first, last] = [Math.floor(from / step + 1e-9), Math.ceil(to / step - 1e-9)];
  const most = Math.max(Math.abs(first), Math.abs(last)) * step;
  const values = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return {
    low: first * step,
    high: last * step,
    ticks: values.map((value) => ({ value, text: rule.text(value, step, most) })),
  };
}

interface Rule {
  step: (from: number, to: number) => number;
  /** What stands beside a tick, given the step and the biggest tick: all ticks of an axis are written alike. */
  text: (value: number, step: number, most: number) => string;
}

function ruleOf(unit: Unit, money: Money): Rule {
  const row = units[unit];
  if (row.steps === "binary") return binary;
  if (row.steps === "clock") return clockRule(Number(row.shownTimes));
  const currency = row.shownTimes === "minor" ? currencyOf(money) : null;
  const times = currency ? 10 ** -currency.places : Number(row.shownTimes);
  return {
    step: (from, to) => Math.max(tickStep(from * times, to * times, aim), row.isWhole ? 1 : 0) / times,
    text: (value, step, most) => {
      const text = letters(value * times, step * times, most * times);
      return currency ? priced(text, currency) : text + row.suffix;
    },
  };
}

const thousands = ["", "k", "M", "B", "T"];

function letters(value: number, step: number, most: number): string {
  const letter = most < 10_000 ? 0 : Math.min(thousands.length - 1, Math.floor(Math.log10(most) / 3 + 1e-9));
  return value === 0 ? "0" : places(value, step, 1000 ** letter) + thousands[letter];
}

/** In a bigger unit, with as many places as the step has there. */
function places(value: number, step: number, size: number): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step / size) + 1e-9));
  const least = Math.abs(step / size - Math.round(step / size)) < 1e-9 ? 0 : Math.max(1, digits);
  return (value / size).toLocaleString("en", { minimumFractionDigits: least, maximumFractionDigits: least });
}

const powers = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

const binary: Rule = {
  step: (from, to) => Math.max(1, 2 ** Math.ceil(Math.log2((to - from) / (aim + 1)))),
  text: (value, step, most) => {
    const power = Math.min(powers.length - 1, Math.max(0, Math.floor(Math.log2(most) / 10 + 1e-9)));
    return value === 0 ? "0" : `${places(value, step, 1024 ** power)} ${powers[power]}`;
  },
};

const sizes = [
  { name: "d", ms: 86_400_000 },
  { name: "h", ms: 3_600_000 },
  { name: "m", ms: 60_000 },
  { name: "s", ms: 1000 },
];

/** Steps of the clock, above a second: those of tens make no sense there. */
const round = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

function clockRule(msEach: number): Rule {
  return {
    step: (from, to) => {
      const ms = tickStep(from * msEach, to * msEach, aim);
      const rounded =
        ms < 1000 || ms > 86_400_000 ? ms : 1000 * (round.find((seconds) => seconds * 1000 >= ms) ?? 86_400);
      return rounded / msEach;
    },
    text: (value, step, most) => {
      const size = sizes.find(({ ms }) => most * msEach >= ms) ?? { name: "ms", ms: 1 };
      return value === 0 ? "0" : `${places(value * msEach, step * msEach, size.ms)} ${size.name}`;
    },
  };
}
