import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { exact } from "../../numbers/format.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { instantText } from "../../time/labels.ts";
import { CustomerLink, EndpointLink } from "./links.tsx";
import { Status } from "./Status.tsx";

type Row = Answer<"/api/requests/recent">["data"][number];

interface Props {
  row: Row;
  place: Place;
  onClose: () => void;
}

/** Everything that is kept of a request. What was not told, or was erased with its customer, is a dash. */
export function OneRequest({ row, place, onClose }: Props) {
  const money = { currency: place.workspace.currency };
  const facts = [
    { name: "Time", value: <span title={row.timestamp}>{instantText(row.timestamp, place.zone)}</span> },
    { name: "Method", value: row.method },
    { name: "Path", value: row.path && <code>{row.path}</code> },
    { name: "Route", value: row.route && <code>{row.route}</code> },
    { name: "Endpoint", value: <EndpointLink place={place} endpoint={row.endpoint} /> },
    { name: "Status", value: <Status code={row.statusCode} /> },
    { name: "Latency", value: exact(row.latencyMs, "ms", money) },
    { name: "Customer", value: <CustomerLink place={place} customer={row.customerId} /> },
    { name: "Product", value: row.productId },
    { name: "API key", value: row.apiKeyId && <code>{row.apiKeyId}</code> },
    { name: "Received", value: exact(row.requestSize, "bytes", money) },
    { name: "Sent", value: exact(row.responseSize, "bytes", money) },
    { name: "User agent", value: row.userAgent },
    { name: "Network", value: row.ip && <code>{row.ip}</code> },
    { name: "Request id", value: row.requestId && <code>{row.requestId}</code> },
    { name: "Id", value: <code>{row.id}</code> },
  ];
  return (
    <Dialog title={`${row.method} ${row.path ?? row.endpoint}`} kind="drawer" onClose={onClose}>
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
