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
import { instantText } from "../../time/labels.ts";
import { linksOf, pageOf } from "./about.ts";
import { Severity } from "./Severity.tsx";
import { weightOf } from "./weight.ts";

interface Props {
  line: Line;
  place: Place;
  onClose: () => void;
}

/** Everything about a record, beside the log. */
export function Record({ line, place, onClose }: Props) {
  // Read anew, with every digit as it came.
  const record = line.text === undefined ? line.record : (parseExact(line.text) as LogRecord);
  const weight = weightOf(record);
  const only = (what: string, name: string, value: string | null) =>
    value !== null && (
      <button
        type="button"
        class="row-link"
        aria-label={`Only this ${what}`}
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
        <Fact name="Type">
          <code>{record.eventType}</code> {only("type", "type", record.eventType)}
        </Fact>
        <Fact name="Category">{record.category}</Fact>
        <Fact name="Source">{record.source}</Fact>
        <Fact
          name="Actor"
          kind={record.actorType}
          id={record.actorId}
          href={pageOf(place, record.actorType, record.actorId)}
        >
          {only("actor", "actor", record.actorId)}
        </Fact>
        <Fact
          name="Target"
          kind={record.targetType}
          id={record.targetId}
          href={pageOf(place, record.targetType, record.targetId)}
        >
          {only("target", "targetId", record.targetId)}
        </Fact>
        <Fact name="Correlation" id={record.correlationId}>
          {only("correlation", "correlationId", record.correlationId)}
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
      <ul class="record-links">
        {linksOf(record, place).map(({ title, href }) => (
          <li key={title}>
            <Link href={href} onClick={onClose}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
      <section class="record-payload">
        <h3>
          Payload <CopyButton text={jsonText(record.payload)} label="Copy the payload" />
        </h3>
        <JsonTree value={record.payload} />
      </section>
    </Dialog>
  );
}

interface FactProps {
  name: string;
  kind?: string | null;
  id?: string | null;
  /** The page that has more about it. */
  href?: string | null;
  children?: ComponentChildren;
}

function Fact({ name, kind, id, href, children }: FactProps) {
  if (id === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {kind && <span class="muted">{kind}</span>} {id && (href ? <Link href={href}>{id}</Link> : <code>{id}</code>)}{" "}
        {children}
      </dd>
    </div>
  );
}
