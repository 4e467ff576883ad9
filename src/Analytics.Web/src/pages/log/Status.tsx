import { Pause, Play } from "lucide-preact";
import type { Place } from "../../address/place.ts";
import { curlOf } from "../../api/call.ts";
import type { Log } from "../../live/log.ts";
import type { StreamState } from "../../live/stream.ts";
import type { Tail } from "../../live/tail.ts";
import { PanelMenu } from "../../panels/PanelMenu.tsx";
import { CopyButton } from "../../parts/Copy.tsx";

const words: { [K in StreamState["is"]]: string } = {
  opening: "Connecting",
  live: "Live",
  hidden: "Let go while this tab is hidden",
  over: "Your session is over",
  away: "Connection lost, trying again",
  refused: "Refused",
};

const counted = (count: number) => count.toLocaleString("en");

interface Props {
  log: Log;
  place: Place;
  isPaused: boolean;
  onPause: () => void;
}

/** How the stream is doing, what came, the button that holds it, and what else can be done with the log. */
export function Status({ log, place, isPaused, onPause }: Props) {
  return (
    <div class="tail-status">
      {log.tail ? (
        <Live log={log} tail={log.tail} isPaused={isPaused} onPause={onPause} />
      ) : (
        <span class="muted">This time is over: nothing new comes in.</span>
      )}
      <PanelMenu
        row={{ title: "Event log", exports: ["log"] }}
        place={place}
        call={log.search.call}
        compared={null}
        isTable={false}
        setTable={null}
        refresh={log.renew}
      />
    </div>
  );
}

function Live({ log, tail, isPaused, onPause }: Omit<Props, "place"> & { tail: Tail }) {
  log.frame.value;
  const state = tail.stream.state.value;
  // -N: each line as it comes.
  const curl = curlOf({ route: "/api/v1/events/stream", address: tail.stream.address }).replace("curl ", "curl -N ");
  const Icon = isPaused ? Play : Pause;
  return (
    <>
      <span class={`tail-state is-${state.is}`} role="status">
        {isPaused && state.is === "live" ? "Paused" : words[state.is]}
        {state.is === "refused" && `: ${state.problem.message}`}
      </span>
      <span class="tail-counts" data-received={tail.received} data-caught-up={tail.caughtUp} data-held={tail.held}>
        {counted(tail.received)} received, {counted(tail.caughtUp)} caught up
        {tail.held > 0 && `, ${counted(tail.held)} held`}
      </span>
      <CopyButton text={curl} label="Copy the stream as curl" />
      <button type="button" aria-pressed={isPaused} onClick={onPause}>
        <Icon size={14} aria-hidden="true" /> {isPaused ? "Resume" : "Pause"} <kbd class="wide-only">Space</kbd>
      </button>
    </>
  );
}
