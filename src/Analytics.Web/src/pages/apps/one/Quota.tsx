import type { Place } from "../../../address/place.ts";
import { format } from "../../../numbers/format.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { type NumberRow, Numbers, NumbersTable, type Stats } from "./Numbers.tsx";
import { quota } from "./panels.ts";

const numbers: NumberRow[] = [
  { slug: "schemaSize", name: "Taken", unit: "bytes", value: (answer) => answer.storage.schemaSize },
  { slug: "quotaPercent", name: "Of its quota", unit: "percent", value: (answer) => answer.storage.quotaPercent },
  { slug: "tableCount", name: "Tables", unit: "count", value: (answer) => answer.storage.tableCount },
];

/** How full the app's Postgres workspace is. */
export const QuotaPanel = () => (
  <Panel
    row={quota}
    class="is-third"
    height={280}
    table={({ answer, place }) => <NumbersTable answer={answer} place={place} rows={numbers} caption={quota.title} />}
  >
    {(shown) => <Quota {...shown} />}
  </Panel>
);

function Quota({ answer, place }: Shown<Stats>) {
  if (!answer.storage.hasWorkspace) return <p class="empty">The app has no Postgres workspace yet.</p>;
  return (
    <div class="app-numbers">
      <Numbers answer={answer} place={place} rows={numbers} />
      <Meter answer={answer} place={place} />
    </div>
  );
}

/** From so many percent on it is said that there is little room. */
const nearlyFull = 90;

function Meter({ answer: { storage }, place }: { answer: Stats; place: Place }) {
  const size = (bytes: number) => format(bytes, "bytes", { currency: place.workspace.currency });
  const percent = Number(storage.quotaPercent);
  const says = `${size(storage.schemaSize)} of ${size(storage.quotaBytes)}`;
  return (
    <div class={percent >= nearlyFull ? "quota is-full" : "quota"}>
      <div
        class="quota-line"
        role="meter"
        aria-label="Quota that is taken"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.min(100, percent)}
        aria-valuetext={says}
      >
        <span style={{ width: `${Math.min(100, percent)}%` }} />
      </div>
      <p>
        {says}
        {percent >= nearlyFull && (percent > 100 ? ": more than it may hold" : ": nearly full")}
      </p>
    </div>
  );
}
