import type { ComponentChildren } from "preact";
import type { Value } from "../api/exact.ts";
import { exact, format, type Money } from "../numbers/format.ts";
import type { Unit } from "../numbers/units.ts";

/** A column: text on the left, numbers with all their digits on the right. */
export interface Column<T> {
  title: string;
  /** What stands in a cell: a node, or with `unit` a number. */
  cell: (row: T) => ComponentChildren | Value | null | undefined;
  unit?: Unit | ((row: T) => Unit);
  /** Where many numbers stand side by side: in short, with all digits in the tooltip. */
  isBrief?: boolean;
  /** What is as it should not be stands out. */
  toneOf?: (row: T) => "worse" | null;
  /** The API's name of the field to sort by; without one the column does not sort. */
  sort?: string;
}

interface Props<T> {
  caption: string;
  columns: Column<T>[];
  rows: readonly T[];
  keyOf: (row: T, index: number) => string;
  money: Money;
  onPick?: (row: T) => void;
  /** As the API has it: `-count`. */
  sort?: string;
  onSort?: (sort: string) => void;
}

/** A plain table: the API sorts and pages. On a narrow screen its rows are stacked. */
export function Table<T>({ caption, columns, rows, keyOf, money, onPick, sort, onSort }: Props<T>) {
  const text = (column: Column<T>, row: T) => {
    const value = column.cell(row);
    if (!column.unit) return value as ComponentChildren;
    const unit = typeof column.unit === "function" ? column.unit(row) : column.unit;
    const number = (value ?? null) as Value | null;
    return column.isBrief ? (
      <span title={exact(number, unit, money)}>{format(number, unit, money)}</span>
    ) : (
      exact(number, unit, money)
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="table-frame" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.title}
                scope="col"
                class={column.unit && "number"}
                aria-sort={directionOf(column.sort, sort)}
              >
                {column.sort && onSort ? (
                  <button type="button" class="quiet" onClick={() => onSort(turned(column.sort as string, sort))}>
                    {column.title}
                    <Arrow direction={directionOf(column.sort, sort)} />
                  </button>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={keyOf(row, index)} class={onPick && "is-link"} onClick={onPick && (() => onPick(row))}>
              {columns.map((column, at) => (
                <td key={column.title} class={classOf(column, row)} data-title={column.title}>
                  {at === 0 && onPick ? (
                    <button
                      type="button"
                      class="row-link"
                      onClick={(event) => {
                        event.stopPropagation();
                        onPick(row);
                      }}
                    >
                      {text(column, row)}
                    </button>
                  ) : (
                    text(column, row)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf<T>({ unit, toneOf }: Column<T>, row: T): string | undefined {
  const tone = toneOf?.(row);
  return [unit && "number", tone && `is-${tone}`].filter(Boolean).join(" ") || undefined;
}

const Arrow = ({ direction }: { direction: "ascending" | "descending" | undefined }) =>
  direction ? <span aria-hidden="true">{direction === "ascending" ? "↑" : "↓"}</span> : null;

function directionOf(field: string | undefined, sort: string | undefined): "ascending" | "descending" | undefined {
  return field === undefined
    ? undefined
    : sort === field
      ? "ascending"
      : sort === `-${field}`
        ? "descending"
        : undefined;
}

/** Biggest first, then smallest first. */
const turned = (field: string, sort: string | undefined) => (sort === `-${field}` ? field : `-${field}`);
