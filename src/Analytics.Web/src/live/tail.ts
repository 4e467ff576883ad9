import type { LogRecord } from "./record.ts";
import { Ring } from "./ring.ts";
import { Stream, type StreamState } from "./stream.ts";

/** A line of the log. */
export interface Line {
  record: LogRecord;
  /** As the stream sent it, every digit of it; a record that was searched for has them already. */
  text?: string;
}

/** How many lines are kept of what came in. */
export const kept = 2_000;

interface Reader {
  /** Something came in, or the stream is doing otherwise. */
  onChange: () => void;
  /** The stream went on from now: what came before has to be looked for. */
  onGap: () => void;
}

/** The log as it comes in: the newest lines of what is asked for, held where the reader stands still. */
export class Tail {
  readonly stream: Stream;
  received = 0;
  caughtUp = 0;
  #found = new Ring<Line>(kept);
  #standing: { lines: Line[]; end: number } | null = null;
  #isPlaced = false;
  #isAway = false;
  readonly #endState: () => void;

  constructor(
    address: string,
    readonly isWanted: (record: LogRecord) => boolean,
    readonly to: Reader,
  ) {
    this.stream = new Stream(address, {
      onData: (text, isMissed) => this.#take(text, isMissed),
      onReset: () => this.to.onGap(),
    });
    this.#endState = this.stream.state.subscribe((state) => this.#look(state));
  }

  close(): void {
    this.#endState();
    this.stream.close();
  }

  /** Forgets what came in: somebody looks for it elsewhere. */
  clear(): void {
    this.#found = new Ring(kept);
    this.#standing = null;
  }

  get isStanding(): boolean {
    return this.#standing !== null;
  }

  /** What came in up to where the reader stands, the newest first. */
  get lines(): Line[] {
    return this.#standing?.lines ?? this.newest(kept);
  }

  newest(count: number): Line[] {
    return this.#found.slice(this.#found.count - count, this.#found.count).reverse();
  }

  /** How many came after what is looked at. */
  get held(): number {
    return this.#standing ? this.#found.count - this.#standing.end : 0;
  }

  /** More came in than is kept. */
  get isCut(): boolean {
    return this.#found.first > 0;
  }

  /** The view stands still; what comes in is counted. */
  stand(): void {
    this.#standing ??= { lines: this.newest(kept), end: this.#found.count };
  }

  /** The view goes with the newest again. */
  follow(): void {
    this.#standing = null;
  }

  #take(text: string, isMissed: boolean): void {
    const record = JSON.parse(text) as LogRecord;
    this.received++;
    if (isMissed) this.caughtUp++;
    if (this.isWanted(record)) this.#found.add({ record, text });
    this.to.onChange();
  }

  /** A stream that is open for the first time, or will not be soon: from here on nothing is missed that is looked for now. */
  #look({ is }: StreamState): void {
    if (is === "live" && !this.#isPlaced) {
      this.#isPlaced = true;
      this.to.onGap();
    } else if (is !== "opening" && is !== "hidden" && !this.#isPlaced && !this.#isAway) {
      this.#isAway = true;
      this.to.onGap();
    }
    this.to.onChange();
  }
}
