import { Component, type ComponentChildren } from "preact";
import { memo } from "preact/compat";
import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { type Place, usePlace } from "../address/place.ts";
import type { Call } from "../api/call.ts";
import { PanelMenu } from "./PanelMenu.tsx";
import { Empty, Failed, Offline, Skeleton } from "./PanelStates.tsx";
import type { PanelRow } from "./row.ts";
import { useCall } from "./useCall.ts";

/** What the body of a panel is given. */
export interface Shown<R> {
  answer: R;
  call: Call<R>;
  /** The answer for the time compared with; undefined when nothing is compared, or it is still on its way. */
  before?: R;
  place: Place;
}

interface Props<R> {
  row: PanelRow<R>;
  children: (shown: Shown<R>) => ComponentChildren;
  /** The same numbers as a table: `V` and the menu switch to it. */
  table?: (shown: Shown<R>) => ComponentChildren;
  /** Controls of its own, beside the menu. */
  tools?: ComponentChildren;
  /** Height of the body in px while nothing is there yet. */
  height?: number;
  class?: string;
}

/** A panel is one documented call: its title, its menu (curl, CSV, JSON, table, documentation), and what came of it. */
export function Panel<R>(props: Props<R>) {
  const place = usePlace();
  return place && <Placed {...props} place={place} />;
}

function Placed<R>({
  row,
  children,
  table,
  tools,
  height = 240,
  place,
  class: kind = "",
}: Props<R> & { place: Place }) {
  const call = useAsked(row, place);
  const found = useCall(call, { isLive: place.range.isLive && !row.isStill, isStill: row.isStill });
  const compared = row.isComparison || place.filters.compare ? (row.compared?.(place) ?? null) : null;
  const before = useCall(compared);
  const [isTable, setTable] = useState(false);
  const title = useId();
  const frame = useRef<HTMLElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== frame.current || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "v" && table) setTable(!isTable);
    else if (event.key === ".") frame.current?.querySelector<HTMLElement>("[aria-haspopup=menu]")?.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Told from the first refusal on, while it is asked for again.
  const problem = found.error ?? found.failureReason;
  // What was asked before stays while the new answer is on its way, not where none comes: it would stand under the new time's name.
  const isOffline = found.fetchStatus === "paused";
  const data = found.isPlaceholderData && (problem || isOffline) ? undefined : found.data;
  const shown = useShown(
    data,
    call,
    place,
    before.isPlaceholderData && !found.isPlaceholderData ? undefined : before.data,
  );
  const body = () => {
    if (shown === null && problem) return <Failed query={found} problem={problem} />;
    if (shown === null) return isOffline ? <Offline /> : <Skeleton height={height} />;
    return (
      <>
        {problem && <Failed query={found} problem={problem} isBrief />}
        {row.isEmpty?.(shown.answer) ? (
          <Empty row={row} place={place} />
        ) : (
          <Drawn shown={shown} draw={(isTable && table) || children} />
        )}
      </>
    );
  };
  return (
    <section
      ref={frame}
      class={`panel ${kind}`}
      data-panel={row.id}
      aria-labelledby={title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a focused panel takes V and the full stop
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <header class="panel-head">
        <h2 id={title} title={row.about}>
          {row.title}
        </h2>
        <div class="panel-tools">
          {tools}
          {call && (
            <PanelMenu
              row={row}
              place={place}
              call={call}
              compared={compared}
              isTable={isTable}
              setTable={table ? setTable : null}
              refresh={() => found.refetch()}
            />
          )}
        </div>
      </header>
      <div class="panel-bar" hidden={!(found.isFetching && found.isPlaceholderData)} />
      <div
        class="panel-body"
        aria-busy={found.isFetching && found.isPlaceholderData}
        data-state={stateOf(data, problem)}
      >
        <Boundary retry={found.dataUpdatedAt}>{body}</Boundary>
      </div>
    </section>
  );
}

/** The row's call. What stays as it is goes by the address alone: the clock's next minute makes it no other list. */
function useAsked<R>(row: PanelRow<R>, place: Place): Call<R> | null {
  const address = `${place.workspace.id} ${place.rest.join("/")}?${place.params}`;
  return useMemo(() => row.call(place), [row, row.isStill ? address : place]);
}

/** The same one until there is something else to show. */
function useShown<R>(
  answer: R | undefined,
  call: Call<R> | null,
  place: Place,
  before: R | undefined,
): Shown<R> | null {
  return useMemo(
    () =>
      answer === undefined
        ? null
        : { answer, call: call as Call<R>, place, ...(before === undefined ? {} : { before }) },
    [answer, call, place, before],
  );
}

const stateOf = (data: unknown, problem: unknown) => (data !== undefined ? "shown" : problem ? "failed" : "loading");

interface BoundaryProps {
  children: () => ComponentChildren;
  retry: unknown;
}

/** One broken panel never takes the page with it. */
class Boundary extends Component<BoundaryProps, { fault: Error | null }> {
  override state = { fault: null as Error | null };

  static override getDerivedStateFromError(fault: Error) {
    return { fault };
  }

  override componentDidCatch(fault: Error) {
    console.error(fault);
  }

  override componentWillReceiveProps(next: BoundaryProps) {
    if (next.retry !== this.props.retry) this.setState({ fault: null });
  }

  override render() {
    const { fault } = this.state;
    // A component of its own, so that what it throws is caught here.
    return fault ? (
      <p class="failed">This panel could not be drawn: {fault.message}</p>
    ) : (
      <Body draw={this.props.children} />
    );
  }
}

const Body = ({ draw }: { draw: () => ComponentChildren }) => <>{draw()}</>;

interface DrawnProps<R> {
  shown: Shown<R>;
  draw: (shown: Shown<R>) => ComponentChildren;
}

/** What the panel shows. Asking again, or the menu, does not draw it anew: charts are large. */
const Drawn = memo(({ shown, draw }: DrawnProps<unknown>) => <>{draw(shown)}</>) as <R>(
  props: DrawnProps<R>,
) => ComponentChildren;

/** True once so many milliseconds have passed: what is quick shows no sign of waiting. */
export function useLater(ms: number): boolean {
  const [isLater, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return isLater;
}
