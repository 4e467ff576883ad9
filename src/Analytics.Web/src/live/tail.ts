import { signal } from "@preact/signals";
import { type LogFilter, type LogRecord, matches } from "./record.ts";
import { Ring } from "./ring.ts";
import { Stream } from "./stream.ts";

/** A line of the live log: a record, or (null) the place where older ones were not kept. */
export interface Line {
  at: number;
  record: LogRecord | null;
  /** As it came, every digit of it. */
  text: string;
}

/** How many lines are kept, how many are in the page while it goes with the newest, and at most, when the reader looks back. */
export const [kept, following, most] = [2_000, 100, 500];

/** Milliseconds between two drawings: a flood is drawn ten times a second. */
const pace = 100;

/** The live log: what came in, what of it is asked for, and what of that is looked at. Changes are told in step with the screen. */
export class Tail {
  /** Grows with every frame that brought something. */
  readonly frame = signal(0);
  readonly stream: Stream;
  received = 0;
  caughtUp = 0;
  #all = new Ring<Line>(kept);
  #found = new Ring<Line>(kept);
  #filter: LogFilter;
  #standing: { lines: Line[]; end: number } | null = null;
  #drawing = 0;
  #drawnAt = 0;

  constructor(address: string, filter: LogFilter) {
    this.#filter = filter;
    this.stream = new Stream(address, {
      onData: (text, isMissed) => this.#take(text, isMissed),
      onReset: () => this.#add({ at: this.#all.count, record: null, text: "" }),
    });
  }

  close(): void {
    this.stream.close();
    cancelAnimationFrame(this.#drawing);
  }

  /** Looks for something else, in what is kept too. */
  find(filter: LogFilter): void {
    if (JSON.stringify(filter) === JSON.stringify(this.#filter)) return;
    this.#filter = filter;
    this.#found = new Ring(kept);
    for (const line of this.#all.slice(0, this.#all.count)) if (this.#isWanted(line)) this.#found.add(line);
    if (this.#standing) this.#standAt(this.#found.count, following);
    this.#tell();
  }

  get isStanding(): boolean {
    return this.#standing !== null;
  }

  /** What is looked at, the oldest first. */
  get lines(): Line[] {
    return this.#standing?.lines ?? this.#found.slice(this.#found.count - following, this.#found.count);
  }

  /** How many came after what is looked at. */
  get held(): number {
    return this.#standing ? this.#found.count - this.#standing.end : 0;
  }

  /** How many older lines than those that are looked at are still kept. */
  get older(): number {
    const end = this.#standing?.end ?? this.#found.count;
    return Math.max(0, end - this.lines.length - this.#found.first);
  }

  /** The view stands still; what comes in is counted. */
  stand(): void {
    if (this.#standing) return;
    this.#standAt(this.#found.count, following);
    this.#tell();
  }

  /** The view goes with the newest again, and has what was missed. */
  follow(): void {
    this.#standing = null;
    this.#tell();
  }

  /** Looks further back: at more lines, then at older ones. */
  goBack(): void {
    const end = this.#standing?.end ?? this.#found.count;
    const isFull = this.lines.length >= most;
    this.#standAt(isFull ? Math.max(this.#found.first + most, end - (most * 4) / 5) : end, most);
    this.#tell();
  }

  #standAt(end: number, size: number): void {
    this.#standing = { lines: this.#found.slice(end - size, end), end };
  }

  #take(text: string, isMissed: boolean): void {
    const record = JSON.parse(text) as LogRecord;
    this.received++;
    if (isMissed) this.caughtUp++;
    this.#add({ at: this.#all.count, record, text });
  }

  #add(line: Line): void {
    this.#all.add(line);
    if (this.#isWanted(line)) this.#found.add(line);
    this.#tell();
  }

  #isWanted = (line: Line): boolean => line.record === null || matches(line.record, this.#filter);

  #tell(): void {
    this.#drawing ||= requestAnimationFrame((now) => {
      this.#drawing = 0;
      if (now - this.#drawnAt < pace) return this.#tell();
      this.#drawnAt = now;
      this.frame.value++;
    });
  }
}
