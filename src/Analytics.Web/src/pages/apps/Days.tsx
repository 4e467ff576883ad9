import type { Place } from "../../address/place.ts";
import { zoomToDays } from "../../address/zoom.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import { bucketColumn } from "../../panels/bucketColumn.ts";
import { Table } from "../../panels/Table.tsx";
import { Tile } from "../../panels/Tile.tsx";
import { cutText } from "../api/question.ts";
import { type Day, type Figure, figureOf } from "./figures.ts";
import { mostDays } from "./question.ts";

/** What apps came to, as the panels of a workspace and of one app are given it. */
export interface Told {
  days: Day[];
  before?: Day[] | undefined;
  place: Place;
}

/** Says that these are not all days of the range. */
export const Cut = ({ place }: { place: Place }) => <span class="muted">{cutText(place.range, mostDays)}</span>;

/** Days as buckets. They are those of UTC, and today is not over. */
const bucketsOf = (days: Day[], { today }: Place) =>
  days.map((day) => ({ ...day, timestamp: `${day.date}T00:00:00Z`, partial: day.date === today }));

/** The figures of the last day. */
export function Glance({ days, before, place, figures }: Told & { figures: Figure[] }) {
  const [day, dayBefore] = [days.at(-1), before?.at(-1)];
  return (
    <div class="tiles is-six">
      {figures.map((figure) => (
        <Tile
          key={figure.slug}
          slug={figure.slug}
          name={figure.name}
          title={figure.about}
          value={figureOf(day, figure)}
          unit={figure.unit}
          sense={figure.sense}
          money={{ currency: place.workspace.currency }}
          isSoFar={day?.date === place.today}
          {...(before ? { before: figureOf(dayBefore, figure) } : {})}
        />
      ))}
    </div>
  );
}

export function GlanceTable({ days, before, place, figures }: Told & { figures: Figure[] }) {
  return (
    <Table
      caption="At a glance"
      money={{ currency: place.workspace.currency }}
      rows={figures}
      keyOf={(figure) => figure.slug}
      columns={[
        { title: "Number", cell: (figure) => figure.name },
        { title: "Of the range", cell: (figure) => figureOf(days.at(-1), figure), unit: (figure) => figure.unit },
        ...(before
          ? [
              {
                title: "Before",
                cell: (figure: Figure) => figureOf(before.at(-1), figure),
                unit: (figure: Figure) => figure.unit,
              },
            ]
          : []),
        { title: "What it is", cell: (figure) => figure.about },
      ]}
    />
  );
}

/** A figure, day by day. */
export function DaysChart({ days, before, place, figure }: Told & { figure: Figure }) {
  const buckets = bucketsOf(days, place);
  const series = (of: Day[]) => [
    { key: figure.slug, label: figure.name, values: of.map((day) => figureOf(day, figure)) },
  ];
  return (
    <TimeChart
      buckets={buckets}
      interval="day"
      zone={place.zone}
      series={series(days)}
      unit={figure.unit}
      sense={figure.sense}
      money={{ currency: place.workspace.currency }}
      label={figure.name}
      height={200}
      {...(figure.kind ? { kind: figure.kind } : {})}
      {...(before ? { previous: { buckets: bucketsOf(before, place), series: series(before) } } : {})}
      onZoom={(first, last) => place.set(zoomToDays(place, buckets, first, last), { isZoom: true })}
    />
  );
}

export function DaysTable({ days, before, place, figure }: Told & { figure: Figure }) {
  const buckets = bucketsOf(days, place);
  const beforeOf = (day: Day) => figureOf(before?.[days.findIndex((each) => each.date === day.date)], figure);
  return (
    <Table
      caption={figure.name}
      money={{ currency: place.workspace.currency }}
      rows={buckets}
      keyOf={(day) => day.date}
      columns={[
        bucketColumn(buckets, "day", place.zone),
        { title: figure.name, cell: (day) => figureOf(day, figure), unit: figure.unit },
        ...(before ? [{ title: "Before", cell: beforeOf, unit: figure.unit }] : []),
      ]}
    />
  );
}
