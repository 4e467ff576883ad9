import { useState } from "preact/hooks";
import type { Place } from "../../../address/place.ts";
import { exact } from "../../../numbers/format.ts";
import { Panel, type Shown } from "../../../panels/Panel.tsx";
import { Table } from "../../../panels/Table.tsx";
import { Dialog } from "../../../parts/Dialog.tsx";
import { instantText } from "../../../time/labels.ts";
import { Status } from "../../api/Status.tsx";
import type { ApiStats } from "./Invocations.tsx";
import { recent } from "./panels.ts";

type Invocation = ApiStats["recent"][number];

/** How many are shown at first. */
const few = 20;

/** The last invocations themselves. */
export function RecentPanel({ place }: { place: Place }) {
  return (
    <Panel row={{ ...recent, fill: `Invocations come by POST /api/apps/${place.rest[0]}/invocations.` }} height={320}>
      {(shown) => <Recent {...shown} />}
    </Panel>
  );
}

function Recent({ answer, place }: Shown<ApiStats>) {
  const [picked, setPicked] = useState<Invocation | null>(null);
  const [isAll, setAll] = useState(false);
  return (
    <>
      <Table
        caption={recent.title}
        money={{ currency: place.workspace.currency }}
        rows={isAll ? answer.recent : answer.recent.slice(0, few)}
        keyOf={(row, index) => `${row.startedAt} ${index}`}
        onPick={setPicked}
        columns={[
          { title: "Began", cell: (row) => instantText(row.startedAt, place.zone) },
          { title: "Route", cell: (row) => `${row.method} ${row.path}` },
          { title: "Status", cell: (row) => <Status code={row.statusCode} /> },
          { title: "Who", cell: (row) => row.username },
          { title: "Took", cell: (row) => row.durationMs, unit: "ms" },
          { title: "Peak memory", cell: (row) => row.memoryPeakBytes, unit: "bytes", isBrief: true },
          { title: "Error", cell: (row) => row.error && <span class="cell-text">{row.error}</span> },
        ]}
      />
      {!isAll && answer.recent.length > few && (
        <div class="more">
          <button type="button" onClick={() => setAll(true)}>
            Show all {answer.recent.length}
          </button>
        </div>
      )}
      {picked && <OneInvocation row={picked} place={place} onClose={() => setPicked(null)} />}
    </>
  );
}

function OneInvocation({ row, place, onClose }: { row: Invocation; place: Place; onClose: () => void }) {
  const money = { currency: place.workspace.currency };
  const facts = [
    { name: "Began", value: <span title={row.startedAt}>{instantText(row.startedAt, place.zone)}</span> },
    { name: "Status", value: <Status code={row.statusCode} /> },
    { name: "Who", value: row.username },
    { name: "Took", value: exact(row.durationMs, "ms", money) },
    { name: "Peak memory", value: exact(row.memoryPeakBytes, "bytes", money) },
    { name: "Error", value: row.error },
  ];
  return (
    <Dialog title={`${row.method} ${row.path}`} kind="drawer" onClose={onClose}>
      <dl class="facts">
        {facts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value ?? "-"}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
