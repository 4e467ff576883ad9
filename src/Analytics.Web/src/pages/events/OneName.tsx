import type { Place } from "../../address/place.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { precisionOf } from "../../numbers/precision.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import type { Column } from "../../panels/Table.tsx";
import { useFirstEvent } from "../../panels/useFirstEvent.ts";
import { BucketTable } from "./BucketTable.tsx";
import { askedField, only } from "./field.ts";
import { spread, sums } from "./panels.ts";
import { chartOf, type StatisticsAnswer } from "./Statistics.tsx";

type Period = StatisticsAnswer["periods"][number];
type Stat = Period["stats"][number];

const percentiles = ["p10", "p50", "p90", "p95", "p99"] as const;

const mostBars = 48;

/** A bucket's numbers of the one name that is chosen. */
const statOf = (period: Period): Stat | undefined => period.stats[0];

/** A quotient of no traces is none, not 0. */
const quotient = (period: Period, of: (stat: Stat) => Stat["totals"]) => {
  const stat = statOf(period);
  return stat && Number(stat.occurrences) > 0 ? only(of(stat)) : null;
};

/** What a field adds up to for one name, and how that is spread over its traces. */
export function OneName({ place }: { place: Place }) {
  const { name } = askedField(place);
  return (
    <>
      <Panel
        row={{ ...sums, title: `${name}, sum` }}
        class="is-half"
        height={220}
        table={(shown) => <SumTable {...shown} />}
      >
        {(shown) => <SumChart {...shown} />}
      </Panel>
      <Panel
        row={{ ...spread, title: `${name} of a trace` }}
        height={260}
        table={(shown) => <SpreadTable {...shown} />}
      >
        {(shown) => <SpreadChart {...shown} />}
      </Panel>
    </>
  );
}

function SumChart(shown: Shown<StatisticsAnswer>) {
  const { answer, place } = shown;
  const field = askedField(place);
  const values = answer.periods.map((period) => only(statOf(period)?.totals ?? {}));
  return (
    <TimeChart
      {...chartOf(shown)}
      {...useFirstEvent(shown.place)}
      series={[{ key: "sum", label: field.name, values }]}
      unit={field.unit}
      // A sum is an amount, whatever it is of.
      kind={answer.periods.length <= mostBars ? "bars" : "line"}
      label={`${field.name}, sum`}
      height={220}
    />
  );
}

function SumTable(shown: Shown<StatisticsAnswer>) {
  const field = askedField(shown.place);
  const columns: Column<Period>[] = [
    { title: `${field.name}, sum`, cell: (period) => only(statOf(period)?.totals ?? {}), unit: field.unit },
    { title: "Average", cell: (period) => quotient(period, (stat) => stat.averages), unit: field.unit },
    { title: "Traces", cell: (period) => statOf(period)?.occurrences, unit: "count" },
  ];
  return <BucketTable {...shown} caption={`${field.name}, sum`} columns={columns} />;
}

function SpreadChart(shown: Shown<StatisticsAnswer>) {
  const { answer, place } = shown;
  const field = askedField(place);
  const precision = precisionOf(answer.totals[0]?.occurrences ?? 0);
  return (
    <TimeChart
      {...chartOf(shown)}
      {...useFirstEvent(shown.place)}
      series={percentiles.map((name) => ({
        key: name,
        label: name,
        values: answer.periods.map((period) => quotient(period, (stat) => stat[name])),
      }))}
      unit={field.unit}
      kind="band"
      label={`${field.name} of a trace, percentiles`}
      notes={(bucket) => [
        `n = ${(statOf(answer.periods[bucket] as Period)?.occurrences ?? 0).toLocaleString("en")}, ${precision}`,
      ]}
      height={260}
    />
  );
}

function SpreadTable(shown: Shown<StatisticsAnswer>) {
  const field = askedField(shown.place);
  const columns: Column<Period>[] = [
    { title: "Traces", cell: (period) => statOf(period)?.occurrences, unit: "count" },
    ...percentiles.map(
      (name): Column<Period> => ({
        title: name,
        cell: (period) => quotient(period, (stat) => stat[name]),
        unit: field.unit,
      }),
    ),
  ];
  return <BucketTable {...shown} caption={`${field.name} of a trace, percentiles`} columns={columns} />;
}
