import { Pause, Play } from "lucide-preact";
import type { StreamState } from "../../live/stream.ts";
import type { Tail } from "../../live/tail.ts";

const words: { [K in StreamState["is"]]: string } = {
  opening: "Connecting",
  live: "Live",
  hidden: "Let go while this tab is hidden",
  over: "Your session is over",
  away: "Connection lost, trying again",
  refused: "Refused",
};

const counted = (count: number) => count.toLocaleString("en");

/** How the stream is doing, what came, and the button that holds it. */
export function Status({ tail, isPaused, onPause }: { tail: Tail; isPaused: boolean; onPause: () => void }) {
  tail.frame.value;
  const state = tail.stream.state.value;
  const Icon = isPaused ? Play : Pause;
  return (
    <div class="tail-status">
      <span class={`tail-state is-${state.is}`} role="status">
        {isPaused && state.is === "live" ? "Paused" : words[state.is]}
      </span>
      <span class="tail-counts" data-received={tail.received} data-caught-up={tail.caughtUp} data-held={tail.held}>
        {counted(tail.received)} received, {counted(tail.caughtUp)} caught up
        {tail.held > 0 && `, ${counted(tail.held)} held`}
      </span>
      <button type="button" aria-pressed={isPaused} onClick={onPause}>
        <Icon size={14} aria-hidden="true" /> {isPaused ? "Resume" : "Pause"} <kbd>Space</kbd>
      </button>
    </div>
  );
}
