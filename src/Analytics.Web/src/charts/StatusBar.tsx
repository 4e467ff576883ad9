import { double, type Value } from "../api/exact.ts";
import { exact, format } from "../numbers/format.ts";

/** Requests by the first digit of their status. */
export type StatusCounts = Partial<Record<StatusClass, Value>>;

export type StatusClass = "2xx" | "3xx" | "4xx" | "5xx";

const classes: { name: StatusClass; says: string }[] = [
  { name: "2xx", says: "succeeded" },
  { name: "3xx", says: "redirected" },
  { name: "4xx", says: "refused" },
  { name: "5xx", says: "failed" },
];

const noMoney = { currency: "usd" };

/** The shares of the classes of answers, as one bar. */
export function StatusBar({ counts, label = "Answers by status" }: { counts: StatusCounts; label?: string }) {
  const sum = classes.reduce((all, { name }) => all + double(counts[name] ?? 0), 0);
  const rows = classes.map(({ name, says }) => {
    const count = counts[name] ?? 0;
    const share = sum > 0 ? double(count) / sum : 0;
    return { name, says, share, count: exact(count, "count", noMoney), text: format(share, "fraction", noMoney) };
  });
  return (
    <figure class="status-bar" aria-label={label}>
      <div class="status-bar-line" aria-hidden="true">
        {rows.map(
          ({ name, share }) =>
            share > 0 && <span key={name} style={{ flexGrow: share, "--ink": `var(--status-${name[0]})` }} />,
        )}
      </div>
      <ul class="legend">
        {rows.map(({ name, says, count, text }) => (
          <li key={name} title={`${count} ${says}`}>
            <span class="chart-swatch" style={{ "--ink": `var(--status-${name[0]})` }} />
            {name} <b>{sum > 0 ? text : "-"}</b>
          </li>
        ))}
      </ul>
    </figure>
  );
}
