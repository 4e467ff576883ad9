import type { Answer } from "../../api/call.ts";
import type { Series } from "../../charts/TimeChart.tsx";

type Statistics = Answer<"/api/events/statistics/timeseries">;

/** Names that are shown by themselves. */
const most = 5;

/** Occurrences per bucket: the most frequent names of the range, and the others together. */
export function topNames(answer: Statistics): Series[] {
  const names = [...answer.totals].sort((a, b) => Number(b.occurrences) - Number(a.occurrences));
  const top = names.slice(0, most);
  const series = top.map((total) => ({
    key: total.name,
    label: total.label,
    values: answer.periods.map((period) => period.stats.find((stat) => stat.name === total.name)?.occurrences ?? 0),
  }));
  if (names.length <= most) return series;
  const isTop = new Set(top.map((total) => total.name));
  const others = answer.periods.map((period) =>
    period.stats.filter((stat) => !isTop.has(stat.name)).reduce((sum, stat) => sum + Number(stat.occurrences), 0),
  );
  return [...series, { key: "other", label: "Other", values: others, color: "--series-other" }];
}
