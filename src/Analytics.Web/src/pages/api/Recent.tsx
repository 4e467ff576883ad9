import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { More } from "../../panels/More.tsx";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { SearchField } from "../../parts/SearchField.tsx";
import { instantText } from "../../time/labels.ts";
import { CustomerLink } from "./links.tsx";
import { OneRequest } from "./OneRequest.tsx";
import { endpointRecent, recent } from "./panels.ts";
import { Status } from "./Status.tsx";

type Requests = Answer<"/api/requests/recent">;
type Row = Requests["data"][number];

/** The requests themselves, with filters. */
export function Recent({ place }: { place: Place }) {
  return (
    <Panel row={recent} height={480} tools={<SearchField place={place} label="Status, like 500 503" name="status" />}>
      {(shown) => <RequestList {...shown} called={(row) => row.endpoint} />}
    </Panel>
  );
}

/** The requests of one endpoint: by their paths, the endpoint stands above. */
export function EndpointRecent() {
  return (
    <Panel row={endpointRecent} height={480}>
      {(shown) => <RequestList {...shown} called={(row) => `${row.method} ${row.path ?? "-"}`} />}
    </Panel>
  );
}

function RequestList({ answer, call, place, called }: Shown<Requests> & { called: (row: Row) => string }) {
  const [picked, setPicked] = useState<Row | null>(null);
  return (
    <>
      <More call={call} first={answer} note={(page) => <Reach page={page as Requests} place={place} />}>
        {(rows) => (
          <Table
            caption={recent.title}
            money={{ currency: place.workspace.currency }}
            rows={rows}
            keyOf={(row) => row.id}
            onPick={setPicked}
            columns={[
              { title: "Time", cell: (row) => instantText(row.timestamp, place.zone) },
              { title: "Request", cell: called },
              { title: "Status", cell: (row) => <Status code={row.statusCode} /> },
              { title: "Latency", cell: (row) => row.latencyMs, unit: "ms" },
              { title: "Sent", cell: (row) => row.responseSize, unit: "bytes" },
              { title: "Customer", cell: (row) => <CustomerLink place={place} customer={row.customerId} /> },
            ]}
          />
        )}
      </More>
      {picked && <OneRequest row={picked} place={place} onClose={() => setPicked(null)} />}
    </>
  );
}

/** A page looks for a second at most: it says how far back it got. */
function Reach({ page, place }: { page: Requests; place: Place }) {
  const { nextCursor, scannedTo } = page.meta;
  if (!nextCursor || !scannedTo) return <span>That is all.</span>;
  return <span>Looked back to {instantText(scannedTo, place.zone)}.</span>;
}
