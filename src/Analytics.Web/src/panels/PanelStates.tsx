import type { UseQueryResult } from "@tanstack/preact-query";
import { useEffect, useState } from "preact/hooks";
import { periodPatch } from "../address/filters.ts";
import type { Place } from "../address/place.ts";
import { isPassing } from "../api/client.ts";
import type { Problem } from "../api/problem.ts";
import { CopyButton } from "../parts/Copy.tsx";
import { instantText } from "../time/labels.ts";
import { useLater } from "./Panel.tsx";
import type { PanelRow } from "./row.ts";

export function Skeleton({ height }: { height: number }) {
  return (
    <div
      class={useLater(150) ? "skeleton" : "skeleton is-early"}
      style={{ height: `${height}px` }}
      aria-hidden="true"
    />
  );
}

/** The time of a range in words. */
export function rangeText({ range }: Place): string {
  if (range.instants)
    return `between ${instantText(range.instants.from, range.zone)} and ${instantText(range.instants.to, range.zone)}`;
  return range.start === range.end ? `on ${range.start}` : `between ${range.start} and ${range.end}`;
}

export function Empty<R>({ row, place }: { row: PanelRow<R>; place: Place }) {
  const wider = ["90d", "12m"].find((slug) => slug !== place.filters.period);
  return (
    <div class="empty">
      <p>
        Nothing {rangeText(place)}. {row.fill}
      </p>
      {wider && (
        <button type="button" class="quiet" onClick={() => place.set(periodPatch(wider))}>
          {wider === "90d" ? "Look at 90 days" : "Look at 12 months"}
        </button>
      )}
    </div>
  );
}

/** What was not loaded while the browser is offline. */
export const Offline = () => (
  <div class="empty">
    <p>Not loaded: this browser is offline. It comes by itself when it is back.</p>
  </div>
);

interface FailedProps {
  query: { refetch: () => unknown; fetchStatus?: UseQueryResult["fetchStatus"] };
  problem: Problem;
  /** There is an older answer to look at. */
  isBrief?: boolean;
}

/** What the service said, its request id to copy, and a way to ask again; what passes is asked again by itself. */
export function Failed({ query, problem, isBrief }: FailedProps) {
  const left = useCountdown(isPassing(problem) ? (problem.retryAfter ?? 3) : null, query.fetchStatus);
  return (
    <div class={isBrief ? "failed is-brief" : "failed"} role="alert">
      <strong>{problem.title}</strong>
      {problem.detail && <p>{problem.detail}</p>}
      {problem.faults.map((fault) => (
        <p key={fault.pointer}>
          <code>{fault.pointer}</code> {fault.message}
        </p>
      ))}
      <p class="failed-foot">
        <button type="button" onClick={() => query.refetch()}>
          Retry
        </button>
        {left !== null && <span>{left > 0 ? `Asks again in ${left} s` : "Asks again"}</span>}
        {problem.requestId && (
          <span>
            Request <code>{problem.requestId}</code> <CopyButton text={problem.requestId} label="Copy the request id" />
          </span>
        )}
      </p>
    </div>
  );
}

/** Counts seconds down, anew whenever something else is going on. */
function useCountdown(seconds: number | null, anew: string | undefined): number | null {
  const [left, setLeft] = useState(seconds);

  useEffect(() => {
    setLeft(seconds === null ? null : Math.ceil(seconds));
    if (seconds === null) return;
    const timer = setInterval(() => setLeft((now) => (now ? now - 1 : now)), 1000);
    return () => clearInterval(timer);
  }, [seconds, anew]);
  return left;
}
