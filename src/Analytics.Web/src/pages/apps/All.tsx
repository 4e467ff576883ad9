import { Link } from "wouter-preact";
import type { Answer } from "../../api/call.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import type { PanelRow } from "../../panels/row.ts";
import { Table } from "../../panels/Table.tsx";
import { Cut, DaysChart, DaysTable, Glance, GlanceTable, type Told } from "./Days.tsx";
import { bandwidth, type Figure, figureOf, mau, perApp, perUser, storage } from "./figures.ts";
import { AppsList } from "./List.tsx";
import { glance, stored, transferred, use, users } from "./panels.ts";
import { appHref } from "./question.ts";

type Statistics = Answer<"/statistics/org/{org_id}">;

const figures = [mau, storage, bandwidth, perUser, perApp];

const toldBy = ({ answer, place }: Shown<Statistics>): Told => ({
  days: answer.data,
  before: answer.previous,
  place,
});

/** All apps of the workspace: what they came to together, each of them, and where their tables are. */
export function All({ place }: { place: Shown<Statistics>["place"] }) {
  return (
    <div class="grid">
      <Panel
        row={glance}
        class="is-bare"
        height={92}
        tools={<Cut place={place} />}
        table={(shown) => <GlanceTable {...toldBy(shown)} figures={figures} />}
      >
        {(shown) => <Glance {...toldBy(shown)} figures={figures} />}
      </Panel>
      <Daily row={users} figure={mau} />
      <Daily row={stored} figure={storage} />
      <Daily row={transferred} figure={bandwidth} />
      <Panel row={use} class="is-half" height={160}>
        {(shown) => <Use {...shown} />}
      </Panel>
      <AppsList place={place} />
    </div>
  );
}

const Daily = ({ row, figure }: { row: PanelRow<Statistics>; figure: Figure }) => (
  <Panel row={row} class="is-third" height={200} table={(shown) => <DaysTable {...toldBy(shown)} figure={figure} />}>
    {(shown) => <DaysChart {...toldBy(shown)} figure={figure} />}
  </Panel>
);

function Use({ answer, place }: Shown<Statistics>) {
  return (
    <Table
      caption={use.title}
      money={{ currency: place.workspace.currency }}
      rows={answer.by_app ?? []}
      keyOf={(app) => app.app_id}
      columns={[
        { title: "App", cell: (app) => <Link href={appHref(place, app.natural_id)}>{app.natural_id}</Link> },
        ...[mau, storage, bandwidth].map((figure) => ({
          title: figure === mau ? "Active users" : figure.name,
          cell: (app: NonNullable<Statistics["by_app"]>[number]) => figureOf(app.data.at(-1), figure),
          unit: figure.unit,
          isBrief: true,
        })),
      ]}
    />
  );
}
