import { type Call, withQuery } from "../api/call.ts";
import { isPassing } from "../api/client.ts";
import { ask } from "../api/fetch.ts";
import { Problem } from "../api/problem.ts";
import type { LogRecord } from "./record.ts";
import type { Line } from "./tail.ts";

/** A page of the log: a second of looking, so it may be short, or empty. */
export interface LogPage {
  data: LogRecord[];
  nextCursor: string | null;
  scannedTo: string | null;
}

/** How many records are asked for at once. */
export const page = 100;

/** Seconds until what passes is asked again, where the service does not say. */
const patience = 3;

/** The log searched from the newest record back, as far as the reader wants. */
export class Search {
  /** What was found, the newest first. */
  lines: Line[] = [];
  /** How far back everything was looked at; null at the end of the range. */
  scannedTo: string | null = null;
  /** The last page was not full: it looked for as long as it may. */
  isShort = false;
  problem: Problem | null = null;
  #cursor: string | null = null;
  #stop: AbortController | null = null;
  #isBegun = false;

  constructor(
    readonly call: Call<LogPage>,
    readonly onChange: () => void,
    readonly asks: typeof ask<LogPage> = ask,
  ) {}

  get isBusy(): boolean {
    return this.#stop !== null;
  }

  /** There may be more further back. */
  get hasMore(): boolean {
    return this.#isBegun && this.#cursor !== null;
  }

  /** Whether anything was asked for yet. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** Looks from the newest record on, anew; the lines of before stay until the answer is there. */
  async begin(): Promise<void> {
    this.stop();
    await this.#run(async (stop) => {
      const found = await this.asks(this.call, stop);
      if (stop.aborted) return;
      this.problem = null;
      this.lines = [];
      this.#isBegun = true;
      this.#add(found);
    });
  }

  /** Goes on looking until so many more are found, or there are none, or the reader has waited enough. */
  async more(wanted = page): Promise<void> {
    if (this.isBusy) return;
    if (!this.#isBegun) return this.begin();
    const enough = this.lines.length + wanted;
    await this.#run(async (stop) => {
      while (this.#cursor !== null && this.lines.length < enough && !stop.aborted) {
        const found = await this.asks(withQuery(this.call, [["cursor", this.#cursor]]), stop);
        if (stop.aborted) return;
        this.problem = null;
        this.#add(found);
        this.onChange();
      }
    });
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.onChange();
  }

  #add(found: LogPage): void {
    this.lines.push(...found.data.map((record) => ({ record })));
    this.#cursor = found.nextCursor;
    this.isShort = found.nextCursor !== null && found.data.length < page;
    this.scannedTo = found.nextCursor === null ? null : found.scannedTo;
  }

  /** What passes is asked again by itself. */
  async #run(what: (stop: AbortSignal) => Promise<void>): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    this.problem = null;
    this.onChange();
    while (this.#stop === stop) {
      try {
        await what(stop.signal);
        break;
      } catch (failure) {
        if (this.#stop !== stop) return;
        this.problem = failure instanceof Problem ? failure : Problem.away();
        this.onChange();
        if (!isPassing(this.problem)) break;
        await new Promise((go) => setTimeout(go, 1000 * (this.problem?.retryAfter ?? patience)));
      }
    }
    if (this.#stop === stop) this.#stop = null;
    this.onChange();
  }
}
