import { double, type Value } from "../api/exact.ts";
import { exact, format, type Money } from "../numbers/format.ts";
import type { Unit } from "../numbers/units.ts";

export interface BarRow {
  key: string;
  label: string;
  value: Value | null;
  /** Its part of the whole, 0 to 1. */
  share?: number;
}

interface Props {
  rows: BarRow[];
  unit: Unit;
  money: Money;
  /** What is ranked, for those who do not see it. */
  label?: string;
  onPick?: (key: string) => void;
}

const length = (row: BarRow) => (row.value === null ? 0 : Math.max(0, double(row.value)));

/** Ranked bars, the longest as wide as the card. */
export function Bars({ rows, unit, money, label, onPick }: Props) {
  const longest = Math.max(0, ...rows.map(length));
  return (
    <ol class="bars" aria-label={label}>
      {rows.map((row) => (
        <li key={row.key}>
          <span
            class="bars-bar"
            style={{ width: longest > 0 ? `${((100 * length(row)) / longest).toFixed(2)}%` : "0" }}
          />
          <Name row={row} onPick={onPick} />
          <span class="bars-value" title={exact(row.value, unit, money)}>
            {format(row.value, unit, money)}
          </span>
          {row.share !== undefined && <span class="bars-share">{format(row.share, "fraction", money)}</span>}
        </li>
      ))}
    </ol>
  );
}

function Name({ row, onPick }: { row: BarRow; onPick: ((key: string) => void) | undefined }) {
  if (!onPick) return <span class="bars-name">{row.label}</span>;
  return (
    <button type="button" class="bars-name" onClick={() => onPick(row.key)}>
      {row.label}
    </button>
  );
}
