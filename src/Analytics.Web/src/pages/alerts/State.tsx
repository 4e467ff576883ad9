import { wordOf } from "../../query/words.ts";
import { states } from "./words.ts";

/** How an alert stands: a word and a colour. */
export const State = ({ state }: { state: string }) => (
  <span class={`alert-state is-${state.replace(" ", "-")}`}>{wordOf(states, state)}</span>
);
