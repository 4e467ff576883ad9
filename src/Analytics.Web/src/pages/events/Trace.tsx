import { keepPreviousData, useQuery } from "@tanstack/preact-query";
import { ChevronDown, ChevronRight } from "lucide-preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import type { Answer } from "../../api/call.ts";
import { client } from "../../api/client.ts";
import { ask } from "../../api/fetch.ts";
import type { Problem } from "../../api/problem.ts";
import { exact, format } from "../../numbers/format.ts";
import { More } from "../../panels/More.tsx";
import { Panel } from "../../panels/Panel.tsx";
import { Failed } from "../../panels/PanelStates.tsx";
import { Table } from "../../panels/Table.tsx";
import { useCall } from "../../panels/useCall.ts";
import { eventHref } from "./address.ts";
import { costOf, type EventRow } from "./Browse.tsx";
import { childrenCall, eventCall, traceOf } from "./panels.ts";

type EventAnswer = Answer<"/api/events/{id}">;

/** Traces are not deeper than this in practice; a longer way up is cut. */
const deepest = 50;

/** An event, asked for once: panels ask for the same. */
function known(place: Place, id: string): Promise<EventAnswer> {
  const call = eventCall(place, id);
  return client.fetchQuery({
    queryKey: [call.route, call.address, call.body],
    queryFn: ({ signal }) => ask(call, signal),
  });
}

/** The ids from an event up to the top that the reader may see: its root, or an event that waits for its parent. */
async function wayUp(place: Place, id: string): Promise<string[]> {
  const way: string[] = [];
  let next: string | null = id;
  while (next && way.length < deepest) {
    const event: EventAnswer | null = await known(place, next).catch((problem: Problem) => {
      if (problem.status === 404 && way.length > 0) return null;
      throw problem;
    });
    if (event) way.push(event.id);
    next = event?.parent_id ?? null;
  }
  return way;
}

/** The whole trace of an event as a tree that unfolds; the way to the event is unfolded from the start. */
export function Trace({ place, id }: { place: Place; id: string }) {
  const way = useQuery<string[], Problem>({
    queryKey: ["way up", place.workspace.id, id],
    queryFn: () => wayUp(place, id),
    refetchOnWindowFocus: false,
    // Going to another event of the trace leaves the tree as it is.
    placeholderData: keepPreviousData,
  });
  const top = way.data?.at(-1);
  // What is wrong with the event says the panel above.
  if (!way.data || !top) return null;
  const open = new Set(way.data);
  return (
    <Panel row={traceOf(top)} height={120} table={({ answer }) => <TraceTable top={answer} place={place} />}>
      {({ answer }) => (
        <ul class="trace">
          <Node key={answer.id} event={answer} trace={{ place, top: answer, open, here: id }} />
        </ul>
      )}
    </Panel>
  );
}

interface TraceRow {
  place: Place;
  top: EventRow;
  /** Unfolded from the start. */
  open: Set<string>;
  /** The event that the drawer is about. */
  here: string;
}

/** So small a trace is shown whole. */
const small = 30;

function Node({ event, trace }: { event: EventRow; trace: TraceRow }) {
  const children = Number(event.child_count);
  const [isOpen, setOpen] = useState(trace.open.has(event.id) || Number(trace.top.descendant_count) <= small);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li>
      <div class={event.id === trace.here ? "trace-row is-here" : "trace-row"}>
        {children > 0 ? (
          <button
            type="button"
            class="icon quiet"
            aria-expanded={isOpen}
            aria-label={`${event.label}: ${children} below`}
            onClick={() => setOpen(!isOpen)}
          >
            <Chevron size={14} aria-hidden="true" />
          </button>
        ) : (
          <span class="trace-leaf" aria-hidden="true" />
        )}
        <Link href={eventHref(trace.place, event.id)} aria-current={event.id === trace.here ? "true" : undefined}>
          {event.label}
        </Link>
        {event.pending_parent_id && <span class="pending">waits for its parent</span>}
        <span class="trace-time">{later(trace.top, event)}</span>
        <Cost event={event} trace={trace} />
      </div>
      {children > 0 && isOpen && <Children of={event} trace={trace} />}
    </li>
  );
}

/** How long after the top it happened. */
function later(top: EventRow, event: EventRow): string {
  const ms = Date.parse(event.timestamp) - Date.parse(top.timestamp);
  return event.id === top.id ? "" : `${ms < 0 ? "" : "+"}${format(ms, "ms", { currency: "" })}`;
}

/** What of the whole trace's cost lies in it and below it; null where there is none to share. */
function shareOf(event: EventRow, top: EventRow): number | null {
  const [part, whole] = [Number(costOf(event) ?? 0), Number(costOf(top) ?? 0)];
  return whole > 0 ? part / whole : null;
}

function Cost({ event, trace: { place, top } }: { event: EventRow; trace: TraceRow }) {
  const money = { currency: place.workspace.currency };
  const share = shareOf(event, top);
  if (share === null) return <span class="trace-cost" />;
  return (
    <span class="trace-cost" title={`${exact(costOf(event), "subcents", money)}, with all below it`}>
      <span class="share" aria-hidden="true">
        <span style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }} />
      </span>
      <span class="number">{format(share, "fraction", money)}</span>
      <span class="number">{format(costOf(event), "subcents", money)}</span>
    </span>
  );
}

function Children({ of, trace }: { of: EventRow; trace: TraceRow }) {
  const call = childrenCall(trace.place, of.id);
  const found = useCall(call, { isStill: true });
  if (found.error && !found.data) return <Failed query={found} problem={found.error} />;
  if (!found.data) return null;
  return (
    <More call={call} first={found.data}>
      {(rows) => (
        <ul>
          {rows.map((event) => (
            <Node key={event.id} event={event} trace={trace} />
          ))}
        </ul>
      )}
    </More>
  );
}

/** The same as a table: the top and what it began. */
function TraceTable({ top, place }: { top: EventRow; place: Place }) {
  const found = useCall(Number(top.child_count) > 0 ? childrenCall(place, top.id) : null);
  return (
    <Table
      caption="Trace"
      money={{ currency: place.workspace.currency }}
      rows={[top, ...(found.data?.data ?? [])]}
      keyOf={(event) => event.id}
      columns={[
        { title: "Event", cell: (event) => event.label },
        {
          title: "After the top",
          cell: (event) => Date.parse(event.timestamp) - Date.parse(top.timestamp),
          unit: "ms",
        },
        { title: "Below", cell: (event) => event.descendant_count, unit: "count" },
        { title: "Cost", cell: costOf, unit: "subcents" },
        { title: "Share", cell: (event) => shareOf(event, top), unit: "fraction" },
      ]}
    />
  );
}
