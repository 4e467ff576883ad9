import type { Place } from "../../../address/place.ts";
import type { Answer } from "../../../api/call.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import type { PanelRow } from "../../../panels/row.ts";
import { Cut, DaysChart, DaysTable, Glance, GlanceTable, type Told } from "../Days.tsx";
import { bandwidth, type Figure, mau, perUser, storage } from "../figures.ts";
import { askedApp } from "../question.ts";
import { InvocationNumbers } from "./Invocations.tsx";
import { glance, record, stored, transferred, users } from "./panels.ts";
import { QuotaPanel } from "./Quota.tsx";
import { Record, RecordTable } from "./Record.tsx";
import { ViewsPanel } from "./Views.tsx";

type OneRow = Answer<"/statistics/app/{app_id}">;
type Workspace = Answer<"/statistics/org/{org_id}">;

const figures = [mau, storage, bandwidth, perUser];

/** How much the app is used. */
export function Overview({ place }: { place: Place }) {
  return (
    <div class="grid">
      <Panel row={record} height={120} table={(shown) => <RecordTable {...shown} />}>
        {(shown) => <Record {...shown} />}
      </Panel>
      <Panel
        row={glance}
        class="is-bare"
        height={92}
        tools={<Cut place={place} />}
        table={(shown) => <GlanceTable {...toldByRow(shown)} figures={figures} />}
      >
        {(shown) => <Glance {...toldByRow(shown)} figures={figures} />}
      </Panel>
      <Daily row={users} figure={mau} />
      <Daily row={stored} figure={storage} />
      <Daily row={transferred} figure={bandwidth} />
      <ViewsPanel />
      <QuotaPanel />
      <InvocationNumbers />
    </div>
  );
}

/** The one row that the route of an app has, as a list of days. */
const toldByRow = ({ answer, place }: Shown<OneRow>): Told => ({
  days: [answer.data],
  before: answer.previous && [answer.previous],
  place,
});

/** The app's own days, of those of all apps. */
const daysIn = (answer: Workspace | undefined, place: Place) =>
  answer?.by_app?.find((app) => [app.app_id, app.natural_id].includes(askedApp(place)))?.data;

const toldByDays = ({ answer, before, place }: Shown<Workspace>): Told => ({
  days: daysIn(answer, place) ?? [],
  before: daysIn(before, place),
  place,
});

const Daily = ({ row, figure }: { row: PanelRow<Workspace>; figure: Figure }) => (
  <Panel
    row={row}
    class="is-third"
    height={200}
    table={(shown) => <DaysTable {...toldByDays(shown)} figure={figure} />}
  >
    {(shown) => <DaysChart {...toldByDays(shown)} figure={figure} />}
  </Panel>
);
