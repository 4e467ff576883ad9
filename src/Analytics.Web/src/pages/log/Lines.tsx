import { ArrowUp } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import type { Log } from "../../live/log.ts";
import type { Line } from "../../live/tail.ts";
import { Row } from "./Row.tsx";

interface Props {
  log: Log;
  place: Place;
  isPaused: boolean;
  onOpen: (line: Line) => void;
  /** The reader wants to go with the newest again. */
  onFollow: () => void;
  foot: ComponentChildren;
}

/** So near to its beginning, in px, a list counts as scrolled to it. */
const near = 24;

/** The lines, the newest first. The view goes with them until the reader scrolls down, or a row has the focus. */
export function Lines({ log, place, isPaused, onOpen, onFollow, foot }: Props) {
  log.frame.value;
  const frame = useRef<HTMLElement>(null);
  const look = useScroll(frame, log, isPaused);
  const money = { currency: place.workspace.currency };
  const { lines, newer } = log;
  return (
    <div class="tail-frame">
      <div class="tail-columns" aria-hidden="true">
        <span>Severity</span>
        <span>Time</span>
        <span>Category</span>
        <span>Type</span>
        <span>Actor</span>
        <span>Target</span>
        <span class="number">Took</span>
      </div>
      <section
        ref={frame}
        class={log.isStanding ? "tail is-standing" : "tail"}
        aria-label="Lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={look}
        onFocusIn={(event) => event.target !== frame.current && log.stand()}
      >
        {lines.length === 0 && log.search.isBegun && <Nothing log={log} />}
        <ol>
          {lines.map((line) => (
            <Row
              key={line.record.eventId}
              line={line}
              zone={place.zone}
              today={place.today}
              money={money}
              onOpen={onOpen}
            />
          ))}
        </ol>
        <div class="tail-foot">
          {foot}
          <Further log={log} />
        </div>
      </section>
      {log.isStanding && newer > 0 && (
        <button
          type="button"
          class="primary tail-newest"
          onClick={() => {
            log.follow();
            onFollow();
          }}
        >
          <ArrowUp size={14} aria-hidden="true" /> {newer.toLocaleString("en")} newer
        </button>
      )}
    </div>
  );
}

function Nothing({ log }: { log: Log }) {
  return (
    <p class="empty">
      {log.search.hasMore ? "Nothing that passes the filters so far." : "Nothing in this time passes the filters."}
      {log.tail && " What comes in appears here within a second of its ingest."}
    </p>
  );
}

/** The way further back. A search that stopped before it had found a page full of lines goes on. */
function Further({ log }: { log: Log }) {
  const { search } = log;
  const isThere = log.older > 0 || log.isCut;
  if (!isThere && search.isBusy)
    return (
      <button type="button" onClick={() => search.stop()}>
        Stop
      </button>
    );
  if (!isThere && !search.hasMore) return null;
  return (
    <button type="button" onClick={() => void log.goBack()}>
      {!isThere && search.isShort ? "Go on searching" : "Show older lines"}
    </button>
  );
}

/** Keeps the list at its beginning, or where the reader is. */
function useScroll(frame: { current: HTMLElement | null }, log: Log, isPaused: boolean) {
  const last = useRef(0);
  const wasStanding = useRef(false);
  const { isStanding } = log;
  useLayoutEffect(() => {
    if (wasStanding.current && !isStanding) frame.current?.scrollTo(0, 0);
    wasStanding.current = isStanding;
  });
  return () => {
    const top = frame.current?.scrollTop ?? 0;
    if (top >= near) log.stand();
    else if (top < last.current && !isPaused && log.isAtNewest) log.follow();
    last.current = top;
  };
}
