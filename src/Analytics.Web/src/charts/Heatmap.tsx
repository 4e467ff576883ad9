import { type ReadonlySignal, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { double, type Value } from "../api/exact.ts";
import { exact, format, type Money } from "../numbers/format.ts";
import type { Unit } from "../numbers/units.ts";
import { heatBounds, heatOf } from "./heat.ts";

interface Props {
  rows: string[];
  columns: string[];
  /** What stands over the columns, where they are too many for names of their own: `span` columns are one day. */
  heads?: { name: string; span: number }[];
  value: (row: number, column: number) => Value | null;
  unit: Unit;
  money: Money;
  /** What a cell is: "Monday, 14:00". */
  title: (row: number, column: number) => string;
  label: string;
  onPick?: (row: number, column: number) => void;
}

type Cell = [row: number, column: number];

const steps: Record<string, Cell> = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Numbers by two things at once, as colours; arrows go from cell to cell, and the one gone to is written below. */
export function Heatmap(props: Props) {
  const { rows, columns, value, onPick } = props;
  const here = useSignal<Cell | null>(null);
  const table = useRef<HTMLTableElement>(null);
  const found = rows
    .flatMap((_, row) => columns.map((_, column) => value(row, column)))
    .filter((each) => each !== null);
  const bounds = heatBounds(found.map(double));
  const onKeyDown = (event: KeyboardEvent) => {
    const [down, right] = steps[event.key] ?? [0, 0];
    const [row, column] = here.peek() ?? [0, 0];
    if (event.key === "Enter") onPick?.(row, column);
    else if (!down && !right) return;
    const at: Cell = [clamp(row + down, rows.length), clamp(column + right, columns.length)];
    table.current?.tBodies[0]?.rows[at[0]]?.cells[at[1] + 1]?.focus();
    event.preventDefault();
  };
  return (
    <div class="heat" data-arrows onPointerLeave={() => (here.value = null)}>
      <div class="heat-frame">
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that arrows go through is a grid */}
        <table ref={table} role="grid" aria-label={props.label} onKeyDown={onKeyDown}>
          <thead>
            <tr>
              <td />
              {(props.heads ?? columns.map((name) => ({ name, span: 1 }))).map(({ name, span }) => (
                <th key={name} scope={span === 1 ? "col" : "colgroup"} colSpan={span}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((name, row) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {columns.map((column, place) => (
                  <HeatCell
                    key={column}
                    {...props}
                    at={[row, place]}
                    bounds={bounds}
                    point={(at) => (here.value = at)}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="heat-foot">
        <Scale bounds={bounds} low={Math.min(...found.map(double))} {...props} />
        <Here at={here} {...props} />
      </div>
    </div>
  );
}

const clamp = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));

const textOf = (value: Value | null, { unit, money }: Pick<Props, "unit" | "money">) =>
  value === null ? "no value" : exact(value, unit, money);

function HeatCell({ at, bounds, point, ...props }: Props & { at: Cell; bounds: number[]; point: (at: Cell) => void }) {
  const value = props.value(...at);
  const ink = value === null ? "var(--surface)" : `var(--heat-${heatOf(double(value), bounds)})`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes Enter
    <td
      class={value === null ? "is-missing" : undefined}
      style={{ "--ink": ink }}
      tabIndex={at[0] === 0 && at[1] === 0 ? 0 : -1}
      aria-label={`${props.title(...at)}: ${textOf(value, props)}`}
      onPointerEnter={() => point(at)}
      onFocus={() => point(at)}
      onClick={props.onPick && (() => props.onPick?.(...at))}
    />
  );
}

/** The cell that is pointed at; alone, so that pointing does not draw the table anew. */
function Here({ at, ...props }: Props & { at: ReadonlySignal<Cell | null> }) {
  const cell = at.value;
  return (
    <p class="heat-here" aria-hidden="true">
      {cell && `${props.title(...cell)}: ${textOf(props.value(...cell), props)}`}
    </p>
  );
}

/** Which colour starts where. */
function Scale({ bounds, low, unit, money }: { bounds: number[]; low: number } & Pick<Props, "unit" | "money">) {
  if (!Number.isFinite(low)) return <span />;
  return (
    <ol class="heat-scale" aria-label="Colours">
      {[low, ...bounds].map((bound) => (
        <li key={bound} style={{ "--ink": `var(--heat-${heatOf(bound, bounds)})` }}>
          {format(bound, unit, money)}
        </li>
      ))}
    </ol>
  );
}
