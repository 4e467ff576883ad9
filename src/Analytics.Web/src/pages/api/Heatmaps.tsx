import type { Place } from "../../address/place.ts";
import { zoomToInstants } from "../../address/zoom.ts";
import type { Answer } from "../../api/call.ts";
import { Heatmap } from "../../charts/Heatmap.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Choice } from "../../parts/Tabs.tsx";
import { minute } from "../../time/clock.ts";
import { bucketTitle } from "../../time/labels.ts";
import { daysOfHours, type Grid, hourGrid, hours, weekGrid } from "./grid.ts";
import { measureOf, measures } from "./measures.ts";
import { endpointHours, week } from "./panels.ts";
import { cutText, most } from "./question.ts";
import { weekdays } from "./weekdays.ts";

type Cells = Answer<"/api/requests/heatmap">;

/** When requests come, are slow, or fail: by the hours of the week, and by endpoint. */
export function Heatmaps({ place }: { place: Place }) {
  return (
    <>
      <div class="tab-tools">
        <Choice
          label="Measure"
          options={measures}
          value={measureOf(place.params).value}
          onChange={(measure) => place.set({ measure: measure === "count" ? null : measure })}
        />
        <span class="muted">Hours as the clocks of {place.zone} show them</span>
      </div>
      <div class="grid">
        <Panel
          row={week}
          table={(shown) => <WeekTable {...shown} />}
          tools={<span class="muted">{cutText(place.range, most.days)}</span>}
        >
          {(shown) => <Week {...shown} />}
        </Panel>
        <Panel
          row={endpointHours}
          height={480}
          table={(shown) => <HourTable {...shown} />}
          tools={<span class="muted">{cutText(place.range, most.endpointHours)}</span>}
        >
          {(shown) => <Hours {...shown} />}
        </Panel>
      </div>
    </>
  );
}

const looksOf = (place: Place) => ({
  unit: measureOf(place.params).unit,
  money: { currency: place.workspace.currency },
});

function Week({ answer, place }: Shown<Cells>) {
  return (
    <Heatmap
      {...weekGrid(answer.cells, measureOf(place.params))}
      {...looksOf(place)}
      label={week.title}
      title={(row, column) => `${weekdays[row]}, ${hours[column]}:00–${hours[(column + 1) % 24]}:00`}
    />
  );
}

function WeekTable({ answer, place }: Shown<Cells>) {
  const grid = weekGrid(answer.cells, measureOf(place.params));
  return (
    <GridTable caption={week.title} place={place} of="Hour" across={grid} name={(column) => `${hours[column]}:00`} />
  );
}

function Hours({ answer, place }: Shown<Cells>) {
  const grid = hourGrid(answer.cells, measureOf(place.params), minute.value);
  const buckets = grid.columns.map((timestamp) => ({ timestamp }));
  return (
    <Heatmap
      {...grid}
      {...looksOf(place)}
      label={endpointHours.title}
      heads={daysOfHours(grid.columns, place.zone)}
      title={(row, column) => `${grid.rows[row]}, ${hourText(grid, column, place.zone)}`}
      onPick={(row, column) =>
        place.go("api/endpoints", {
          endpoint: grid.rows[row],
          ...zoomToInstants(place, buckets, column, column, "hour"),
        })
      }
    />
  );
}

const hourText = ({ columns }: Grid, at: number, zone: string) =>
  bucketTitle(columns[at] ?? "", columns[at + 1] ?? null, "hour", zone);

function HourTable({ answer, place }: Shown<Cells>) {
  const grid = hourGrid(answer.cells, measureOf(place.params), minute.value);
  return (
    <GridTable
      caption={endpointHours.title}
      place={place}
      of="Hour"
      across={grid}
      name={(column) => hourText(grid, column, place.zone)}
    />
  );
}

interface GridTableProps {
  caption: string;
  place: Place;
  /** What a row is. */
  of: string;
  across: Grid;
  name: (column: number) => string;
}

/** A grid as a table: hours go down, what the rows are goes across. */
function GridTable({ caption, place, of, across, name }: GridTableProps) {
  const { unit, money } = looksOf(place);
  return (
    <Table
      caption={caption}
      money={money}
      rows={across.columns.map((_, column) => column)}
      keyOf={(column) => String(column)}
      columns={[
        { title: of, cell: name },
        ...across.rows.map((title, row) => ({ title, cell: (column: number) => across.value(row, column), unit })),
      ]}
    />
  );
}
