import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { jsonText, parseExact } from "../../api/exact.ts";
import type { LogRecord } from "../../live/record.ts";
import type { Line } from "../../live/tail.ts";
import { exact } from "../../numbers/format.ts";
import { CopyButton } from "../../parts/Copy.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { JsonTree } from "../../parts/JsonTree.tsx";
import { may } from "../../session/session.ts";
import { instantText } from "../../time/labels.ts";
import { Severity } from "./Severity.tsx";
import { weightOf } from "./weight.ts";

interface Props {
  line: Line & { record: LogRecord };
  place: Place;
  onClose: () => void;
}

/** Everything about a record, beside the log. */
export function Record({ line, place, onClose }: Props) {
  // Read anew, with every digit as it came.
  const record = parseExact(line.text) as LogRecord;
  const weight = weightOf(record);
  const only = (name: string, value: string | null) =>
    value !== null && (
      <button
        type="button"
        class="row-link"
        aria-label={`Only this ${name}`}
        onClick={() => {
          place.set({ [name]: value });
          onClose();
        }}
      >
        Only this
      </button>
    );
  return (
    <Dialog title={record.eventType} kind="drawer" onClose={onClose}>
      <dl class="facts">
        <Fact name="Severity">
          <Severity name={record.severity} />
        </Fact>
        <Fact name="Time">
          <time dateTime={record.createdAt} title={record.createdAt}>
            {instantText(record.createdAt, place.zone)}
          </time>
        </Fact>
        <Fact name="Category">{record.category}</Fact>
        <Fact name="Source">{record.source}</Fact>
        <Fact name="Actor" kind={record.actorType} id={record.actorId}>
          {only("actor", record.actorId)}
        </Fact>
        <Fact name="Target" kind={record.targetType} id={record.targetId}>
          {only("target", record.targetId)}
        </Fact>
        <Fact name="Correlation" id={record.correlationId}>
          {only("correlation", record.correlationId)}
        </Fact>
        {weight && (
          <Fact name={weight.unit === "ms" ? "Duration" : "Cost"}>
            {exact(weight.value, weight.unit, { currency: place.workspace.currency })}
          </Fact>
        )}
        <Fact name="Id" id={record.eventId}>
          <CopyButton text={record.eventId} label="Copy the id" />
        </Fact>
      </dl>
      {isEvent(record) && may(place.workspace, "events:read") && (
        <p>
          <Link href={place.href(`events/browse/${record.eventId}`)}>The event and its trace</Link>
        </p>
      )}
      <section class="record-payload">
        <h3>
          Payload <CopyButton text={jsonText(record.payload)} label="Copy the payload" />
        </h3>
        <JsonTree value={record.payload} />
      </section>
    </Dialog>
  );
}

/** What the product told, not the service: it is found among the events. */
const isEvent = (record: LogRecord) => record.source === "user" && record.eventType !== "request.completed";

interface FactProps {
  name: string;
  kind?: string | null;
  id?: string | null;
  children?: ComponentChildren;
}

function Fact({ name, kind, id, children }: FactProps) {
  if (id === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {kind && <span class="muted">{kind}</span>} {id && <code>{id}</code>} {children}
      </dd>
    </div>
  );
}
