import { signal } from "@preact/signals";
import { root } from "../api/call.ts";
import { isPassing } from "../api/client.ts";
import { isSessionOver } from "../api/fetch.ts";
import { Problem } from "../api/problem.ts";
import { MessageReader } from "./messages.ts";

/** How a stream is doing: `hidden` while nobody looks, `away` while it waits to be opened again, `refused` where it never will be. */
export type StreamState =
  | { is: "opening" | "live" | "hidden" | "over" }
  | { is: "away"; problem: Problem | null }
  | { is: "refused"; problem: Problem };

interface Reader {
  /** A message; `isMissed`: it was missed while the stream was closed. */
  onData: (data: string, isMissed: boolean) => void;
  /** What was missed is not kept any more: the stream goes on from now. */
  onReset?: () => void;
}

/** Milliseconds: the first wait after a stream that was open, the longest one, and how long the page may be busy with what came in. */
const [soon, longest, busy] = [400, 30_000, 12];

/**
 * Follows a stream of the API for as long as the reader looks: it goes on by id wherever it was cut off, lets go while the tab is hidden
 * (browsers open six connections to a host, all tabs together), and ends with the session.
 */
export class Stream {
  readonly state = signal<StreamState>({ is: "opening" });
  readonly #reader = new MessageReader();
  #stop: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #places = 0;
  readonly #endings: (() => void)[] = [];

  constructor(
    readonly address: string,
    readonly to: Reader,
  ) {
    document.addEventListener("visibilitychange", this.#look);
    this.#endings.push(
      () => document.removeEventListener("visibilitychange", this.#look),
      // Signed in again: it goes on.
      isSessionOver.subscribe((isOver) => {
        if (!isOver && this.state.peek().is === "over") this.#look();
      }),
    );
    this.#look();
  }

  close(): void {
    for (const end of this.#endings) end();
    this.#letGo();
  }

  readonly #look = () => {
    this.#letGo();
    if (document.hidden) this.state.value = { is: "hidden" };
    else void this.#open();
  };

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#stop?.abort();
    this.#stop = null;
  }

  async #open(): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    this.state.value = { is: "opening" };
    let problem: Problem | null = null;
    try {
      await this.#follow(stop.signal);
    } catch (failure) {
      problem = failure instanceof Problem ? failure : null;
    }
    if (stop.signal.aborted) return;
    if (problem?.status === 401) {
      isSessionOver.value = true;
      this.state.value = { is: "over" };
    } else if (problem && !isPassing(problem)) this.state.value = { is: "refused", problem };
    else this.#again(problem);
  }

  async #follow(stop: AbortSignal): Promise<void> {
    const from = this.#reader.lastId;
    const url = new URL(this.address, root);
    if (from !== null) url.searchParams.set("last_event_id", from);
    const response = await fetch(url, { signal: stop, headers: { Accept: "text/event-stream" }, cache: "no-store" });
    if (!response.ok || !response.body) throw await Problem.of(response);
    this.state.value = { is: "live" };
    this.#reader.reset();
    // The service says where the stream is at its head and, to who comes back, once more where the replay is over.
    this.#places = from === null ? 0 : 2;
    await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader());
  }

  async #read(body: ReadableStreamDefaultReader<string>): Promise<void> {
    let since = performance.now();
    for (let piece = 0; ; piece++) {
      const { done, value } = await body.read();
      if (done) return;
      const messages = this.#reader.read(value);
      // The first piece is the head, which comes from a service too that is about to stop.
      if (piece > 0 || messages.length > 1) this.#tries = 0;
      for (const { event, data } of messages) {
        if (data === null) this.#places--;
        else if (event === "reset") this.to.onReset?.();
        else if (event === "message") this.to.onData(data, this.#places > 0);
      }
      if (performance.now() - since < busy) continue;
      await new Promise((go) => setTimeout(go));
      since = performance.now();
    }
  }

  /** A stream that was open comes back soon, one that does not come waits longer each time; all with a little chance in it. */
  #again(problem: Problem | null): void {
    const patience = this.#tries === 0 ? soon : (this.#reader.retry ?? 3000) * 2 ** (this.#tries - 1);
    const wait = problem?.retryAfter ? problem.retryAfter * 1000 : Math.min(patience, longest);
    this.#tries++;
    this.state.value = { is: "away", problem };
    this.#timer = setTimeout(() => void this.#open(), wait * (0.75 + Math.random() / 2));
  }
}
