import { ArrowDown } from "lucide-preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import type { Line, Tail } from "../../live/tail.ts";
import { Row } from "./Row.tsx";

interface Props {
  tail: Tail;
  place: Place;
  isPaused: boolean;
  onOpen: (line: Line) => void;
  /** The reader wants to go with the newest again. */
  onFollow: () => void;
}

/** So near to its end, in px, a list counts as scrolled to it. */
const near = 24;

/** The lines, the newest last. The view goes with them until the reader scrolls up, or a row has the focus. */
export function Lines({ tail, place, isPaused, onOpen, onFollow }: Props) {
  tail.frame.value;
  const frame = useRef<HTMLElement>(null);
  const scroll = useScroll(frame, tail, isPaused);
  const money = { currency: place.workspace.currency };
  const { lines, older, held } = tail;
  return (
    <div class="tail-frame">
      <div class="tail-columns" aria-hidden="true">
        <span>Severity</span>
        <span>Time</span>
        <span>Type</span>
        <span>Actor</span>
        <span>Target</span>
        <span class="number">Took</span>
      </div>
      <section
        ref={frame}
        class="tail"
        aria-label="Lines"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={scroll.look}
        onFocusIn={(event) => event.target !== frame.current && tail.stand()}
      >
        {older > 0 && (
          <button type="button" class="quiet tail-older" onClick={scroll.back}>
            Show older lines
          </button>
        )}
        {lines.length === 0 && <Nothing tail={tail} />}
        <ol>
          {lines.map((line) => (
            <Row key={line.at} line={line} zone={place.zone} today={place.today} money={money} onOpen={onOpen} />
          ))}
        </ol>
      </section>
      {tail.isStanding && held > 0 && (
        <button
          type="button"
          class="primary tail-newest"
          onClick={() => {
            tail.follow();
            onFollow();
          }}
        >
          <ArrowDown size={14} aria-hidden="true" /> {held.toLocaleString("en")} newer
        </button>
      )}
    </div>
  );
}

function Nothing({ tail }: { tail: Tail }) {
  return (
    <p class="empty">
      {tail.received === 0
        ? "Nothing yet. Every event, request and audit record of the workspace appears here within a second of its ingest."
        : "Nothing of what came in since this page was opened passes the filters."}
    </p>
  );
}

/** Keeps the list at its end, or where the reader is. */
function useScroll(frame: { current: HTMLElement | null }, tail: Tail, isPaused: boolean) {
  const last = useRef(0);
  // The line to stay at when older ones come before it.
  const anchor = useRef<string | null>(null);
  useLayoutEffect(() => {
    const list = frame.current;
    if (!list) return;
    if (!tail.isStanding) list.scrollTop = list.scrollHeight;
    else if (anchor.current) list.querySelector(`[data-id="${CSS.escape(anchor.current)}"]`)?.scrollIntoView();
    anchor.current = null;
    last.current = list.scrollTop;
  });
  const isBack = useRef(false);
  if (!tail.isStanding) isBack.current = false;
  const look = () => {
    const list = frame.current;
    if (!list) return;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < near;
    if (!isAtEnd && list.scrollTop < last.current) tail.stand();
    else if (isAtEnd && list.scrollTop > last.current && !isPaused && !isBack.current) tail.follow();
    last.current = list.scrollTop;
  };
  const back = () => {
    anchor.current = frame.current?.querySelector<HTMLElement>("[data-id]")?.dataset.id ?? null;
    isBack.current = true;
    tail.goBack();
  };
  return { look, back };
}
