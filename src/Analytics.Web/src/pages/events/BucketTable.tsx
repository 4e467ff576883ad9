import { bucketColumn } from "../../panels/bucketColumn.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { topNames } from "../overview/top.ts";
import type { StatisticsAnswer } from "./Statistics.tsx";

type Period = StatisticsAnswer["periods"][number];

interface Props extends Shown<StatisticsAnswer> {
  caption: string;
  columns: Column<Period>[];
}

/** A chart's numbers, a row a bucket. */
export function BucketTable({ answer, place, caption, columns }: Props) {
  return (
    <Table
      caption={caption}
      money={{ currency: place.workspace.currency }}
      rows={answer.periods}
      keyOf={(period) => period.timestamp}
      columns={[bucketColumn(answer.periods, place.range.interval, place.zone), ...columns]}
    />
  );
}

/** A column a name, as the chart stacks them. */
export const namesTable = ({ answer }: Shown<StatisticsAnswer>): Column<Period>[] =>
  topNames(answer).map((series) => ({
    title: series.label,
    cell: (period) => series.values[answer.periods.indexOf(period)],
    unit: "count",
  }));
