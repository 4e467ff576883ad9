import type { Place } from "../../address/place.ts";
import { zoomToDays } from "../../address/zoom.ts";
import type { Answer } from "../../api/call.ts";
import { double } from "../../api/exact.ts";
import { Bars } from "../../charts/Bars.tsx";
import { Spark } from "../../charts/Spark.tsx";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { format } from "../../numbers/format.ts";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { type Column, Table } from "../../panels/Table.tsx";
import { Change } from "../../panels/Tile.tsx";
import { useFirstEvent } from "../../panels/useFirstEvent.ts";
import { wordOf } from "../../query/words.ts";
import { daysOf } from "../../time/trend.ts";
import { Definitions } from "./Definitions.tsx";
import { trend, unitCustomers, units } from "./panels.ts";
import { aggregations } from "./words.ts";

type UnitsAnswer = Answer<"/api/v1/analytics/usage/by-billable-unit">;
type Unit = UnitsAnswer["units"][number];

/** What each unit comes to; the chosen one day by day and by customer; and the units themselves. */
export function Units({ place }: { place: Place }) {
  return (
    <div class="grid">
      <Panel row={units} height={300}>
        {(shown) => <UnitsTable {...shown} />}
      </Panel>
      <Panel row={trend} class="is-two-thirds" table={(shown) => <TrendTable {...shown} />}>
        {(shown) => <Trend {...shown} />}
      </Panel>
      <Panel row={unitCustomers} class="is-third" table={(shown) => <CustomersTable {...shown} />}>
        {(shown) => <TopCustomers {...shown} />}
      </Panel>
      <Definitions place={place} />
    </div>
  );
}

/** The unit that the address names, else the first. */
const chosenIn = (answer: UnitsAnswer, place: Place) =>
  answer.units.find((unit) => unit.unit === place.params.get("unit")) ?? answer.units[0];

const moneyOf = (place: Place) => ({ currency: place.workspace.currency });

function UnitsTable({ answer, place }: Shown<UnitsAnswer>) {
  const chosen = chosenIn(answer, place);
  const columns: Column<Unit>[] = [
    {
      title: "Unit",
      cell: (unit) => (
        <button
          type="button"
          class="row-link"
          aria-pressed={unit === chosen}
          onClick={() => place.set({ unit: unit.unit })}
        >
          {unit.name}
        </button>
      ),
    },
    { title: "Is", cell: (unit) => wordOf(aggregations, unit.aggregation) },
    { title: "Counted in", cell: (unit) => <span class="muted">{unit.unitLabel}</span> },
    { title: "In the range", cell: (unit) => unit.total, unit: "number" },
    { title: "Before", cell: (unit) => unit.previousTotal, unit: "number" },
    {
      title: "Change",
      cell: (unit) => (
        <Change now={unit.total} before={unit.previousTotal} sense="neutral" isSoFar={place.range.isLive} />
      ),
    },
    {
      title: "Trend",
      cell: (unit) => (
        <span class="usage-spark">
          <Spark buckets={daysOf(unit.trend, place.zone)} values={valuesOf(unit)} label={`${unit.name} per day`} />
        </span>
      ),
    },
  ];
  return (
    <Table
      caption="Usage by unit"
      money={moneyOf(place)}
      rows={answer.units}
      keyOf={(unit) => unit.unit}
      columns={columns}
    />
  );
}

const isAmount = (unit: Unit) => unit.aggregation === "COUNT" || unit.aggregation === "SUM";

/** An average, a percentile or the largest of nothing is no number, though the API says 0. */
const isOfSome = (unit: Unit) => !isAmount(unit) && unit.aggregation !== "UNIQUE";

const valuesOf = (unit: Unit) => unit.trend.map(({ value }) => (isOfSome(unit) && double(value) === 0 ? null : value));

const lineOf = (unit: Unit) => [{ key: unit.unit, label: unit.name, values: valuesOf(unit) }];

function Trend({ answer, place }: Shown<UnitsAnswer>) {
  const unit = chosenIn(answer, place);
  if (!unit) return null;
  const buckets = daysOf(unit.trend, place.zone);
  return (
    <>
      <p class="usage-of">
        <strong>{unit.name}</strong> <span class="muted">in {unit.unitLabel}</span>
      </p>
      <TimeChart
        {...useFirstEvent(place)}
        buckets={buckets}
        interval="day"
        zone={place.zone}
        series={lineOf(unit)}
        unit={isAmount(unit) ? "count" : "number"}
        money={moneyOf(place)}
        label={unit.name}
        onZoom={(first, last) => place.set(zoomToDays(place, buckets, first, last), { isZoom: true })}
      />
    </>
  );
}

function TrendTable({ answer, place }: Shown<UnitsAnswer>) {
  const unit = chosenIn(answer, place);
  if (!unit) return null;
  const buckets = daysOf(unit.trend, place.zone);
  return (
    <Table
      caption={unit.name}
      money={moneyOf(place)}
      rows={buckets}
      keyOf={(day) => day.date}
      columns={[
        bucketColumn(buckets, "day", place.zone),
        { title: unit.unitLabel, cell: (day) => day.value, unit: "number" },
      ]}
    />
  );
}

type UnitCustomer = Unit["customers"][number];

const idOf = (customer: UnitCustomer) => customer.externalCustomerId ?? customer.customerId ?? "";
const nameOf = (customer: UnitCustomer) => customer.name ?? idOf(customer);

/** As many as fit beside the chart; the table has all. */
const few = 8;

function TopCustomers({ answer, place }: Shown<UnitsAnswer>) {
  const unit = chosenIn(answer, place);
  if (!unit) return null;
  if (unit.customers.length === 0) return <p class="empty">Nobody used it in the range.</p>;
  return (
    <>
      <Bars
        label={`Top customers of ${unit.name}`}
        rows={unit.customers.slice(0, few).map((customer) => ({
          key: idOf(customer),
          label: nameOf(customer),
          value: customer.total,
          // Of averages and largest values parts make no whole.
          ...(isAmount(unit) ? { share: double(customer.sharePercent) / 100 } : {}),
        }))}
        unit="number"
        money={moneyOf(place)}
      />
      {unit.customers.length > few && (
        <p class="muted">and {format(unit.customers.length - few, "count", moneyOf(place))} more, in the table</p>
      )}
    </>
  );
}

function CustomersTable({ answer, place }: Shown<UnitsAnswer>) {
  const unit = chosenIn(answer, place);
  if (!unit) return null;
  return (
    <Table
      caption={`Top customers of ${unit.name}`}
      money={moneyOf(place)}
      rows={unit.customers}
      keyOf={idOf}
      columns={[
        { title: "Customer", cell: nameOf },
        { title: unit.unitLabel, cell: (customer) => customer.total, unit: "number" },
        { title: "Share", cell: (customer) => customer.sharePercent, unit: "percent" },
      ]}
    />
  );
}
