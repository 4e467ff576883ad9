import { useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { Link, Redirect } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { useCall } from "../../panels/useCall.ts";
import { may, session } from "../../session/session.ts";
import { EventsTable } from "../events/Browse.tsx";
import { CustomerForm } from "./CustomerForm.tsx";
import { lastEvents, record, recordByExternalId, report, whoOf } from "./panels.ts";
import { Record, RecordTable } from "./Record.tsx";
import { Report, ReportTable, ReportTools } from "./Report.tsx";
import { Tiles } from "./Tiles.tsx";
import { useFilterOf } from "./useFilterOf.ts";

/** One customer: the record, what it brought and cost, its API requests, its events. */
export function One({ place }: { place: Place }) {
  const has = (scope: string) => may(place.workspace, scope);
  const customer = useFilterOf(place);
  const { isExternal } = whoOf(place);
  // As the panel of the record asks: what is known of nobody is not zeros.
  const isNobody = useCall(isExternal ? null : record.call(place), { isStill: true }).error?.status === 404;
  return (
    <>
      {session.value?.customer == null && (
        <p class="way-back">
          <Link href={place.href("customers")}>All customers</Link>
        </p>
      )}
      <div class="grid">
        {isExternal ? (
          <Panel row={recordByExternalId} height={80}>
            {(shown) => <NoRecord {...shown} />}
          </Panel>
        ) : (
          <Panel row={record} height={120} table={(shown) => <RecordTable {...shown} />}>
            {(shown) => <Record {...shown} />}
          </Panel>
        )}
        {!isNobody && has("metrics:read") && <Tiles customer={customer} />}
        {!isNobody && has("stats:read") && (
          <Panel
            row={report}
            height={420}
            tools={<ReportTools place={place} />}
            table={(shown) => <ReportTable {...shown} />}
          >
            {(shown) => <Report {...shown} />}
          </Panel>
        )}
        {!isNobody && (
          <Panel
            row={lastEvents}
            height={320}
            tools={<Link href={place.href("events/browse", { customer })}>All events</Link>}
          >
            {(shown) => <LastEvents {...shown} />}
          </Panel>
        )}
      </div>
    </>
  );
}

function LastEvents({ answer, place }: Shown<Answer<"/api/events">>) {
  if (answer.data.length === 0) return <p class="empty">No event names this customer.</p>;
  return <EventsTable rows={answer.data} place={place} isOfOne />;
}

/** Somebody whom events name, without a record; or there is one by now. */
function NoRecord({ answer, place }: Shown<Answer<"/api/customers">>) {
  const [isOpen, setOpen] = useState(false);
  const client = useQueryClient();
  const externalId = whoOf(place).id;
  const [found] = answer.data;
  if (found) return <Redirect to={place.href(`customers/${found.id}`)} replace />;
  return (
    <div class="no-record">
      <p>
        There is no record of <code>{externalId}</code>. Events and requests can name a customer without one.
      </p>
      {may(place.workspace, "customers:write") && session.value?.customer == null && (
        <button type="button" onClick={() => setOpen(true)}>
          Make a record
        </button>
      )}
      {isOpen && (
        <CustomerForm
          place={place}
          externalId={externalId}
          onClose={() => setOpen(false)}
          onSaved={(made) => {
            client.invalidateQueries();
            place.go(`customers/${made.id}`);
          }}
        />
      )}
    </div>
  );
}
