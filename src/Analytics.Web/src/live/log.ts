import { signal } from "@preact/signals";
import type { Call } from "../api/call.ts";
import type { LogRecord } from "./record.ts";
import { type LogPage, page, Search } from "./search.ts";
import { type Line, Tail } from "./tail.ts";

/** How many lines are in the page while it goes with the newest, and at most, when the reader looks back. */
export const [following, most] = [page, 500];

/** Milliseconds between two drawings: a flood is drawn ten times a second. */
const pace = 100;

interface Asked {
  call: Call<LogPage>;
  /** Null: the time asked for is over, nothing new can come. */
  stream: string | null;
  isWanted: (record: LogRecord) => boolean;
}

/** What is read of the log: what came in since it was opened, above what a search finds. Changes are told in step with the screen. */
export class Log {
  /** Grows with every frame that brought something. */
  readonly frame = signal(0);
  readonly tail: Tail | null;
  readonly search: Search;
  /** How many newer lines than those in the page there are, and how many are in the page. */
  #start = 0;
  #size = following;
  #drawing = 0;
  #drawnAt = 0;

  constructor({ call, stream, isWanted }: Asked) {
    this.search = new Search(call, () => this.#tell());
    this.tail =
      stream === null ? null : new Tail(stream, isWanted, { onChange: () => this.#tell(), onGap: this.renew });
    if (!this.tail) this.renew();
  }

  close(): void {
    this.tail?.close();
    this.search.stop();
    cancelAnimationFrame(this.#drawing);
    this.#drawing = -1;
  }

  /** Looks for everything anew: what came in is stored too. */
  readonly renew = (): void => {
    this.tail?.clear();
    this.#toTop();
    void this.search.begin();
  };

  /** The lines in the page, the newest first. */
  get lines(): Line[] {
    return this.#all.slice(this.#start, this.#start + this.#size);
  }

  /** Lines that are there, further back than those in the page. */
  get older(): number {
    return Math.max(0, this.#all.length - this.#start - this.#size);
  }

  /** What lies further back fell out of the lines that are kept. */
  get isCut(): boolean {
    return this.tail?.isCut ?? false;
  }

  get isStanding(): boolean {
    return this.tail?.isStanding ?? this.#start > 0;
  }

  /** The page begins with the newest line, but for those that are held back. */
  get isAtNewest(): boolean {
    return this.#start === 0;
  }

  /** How many newer ones there are than those in the page. */
  get newer(): number {
    return this.#start + (this.tail?.held ?? 0);
  }

  /** The view stands still; what comes in is counted. */
  stand(): void {
    if (this.tail?.isStanding) return;
    this.tail?.stand();
    this.#tell();
  }

  /** The view is at the newest again, and goes with them. */
  follow(): void {
    this.tail?.follow();
    this.#toTop();
    this.#tell();
  }

  /** Looks further back: at more lines, then at older ones, then for what nobody has asked for yet. */
  async goBack(): Promise<void> {
    if (this.older === 0 && this.isCut) return this.renew();
    this.stand();
    const isFull = this.#size >= most;
    this.#size = most;
    if (this.older === 0) await this.search.more();
    if (isFull) this.#start = Math.max(0, Math.min(this.#all.length - most, this.#start + (most * 4) / 5));
    this.#tell();
  }

  get #all(): Line[] {
    const live = this.tail?.lines ?? [];
    if (this.isCut) return live;
    if (live.length === 0) return this.search.lines;
    const ids = new Set(live.map((line) => line.record.eventId));
    return [...live, ...this.search.lines.filter((line) => !ids.has(line.record.eventId))];
  }

  #toTop(): void {
    this.#start = 0;
    this.#size = following;
  }

  #tell(): void {
    this.#drawing ||= requestAnimationFrame((now) => {
      this.#drawing = 0;
      if (now - this.#drawnAt < pace) return this.#tell();
      this.#drawnAt = now;
      this.frame.value++;
    });
  }
}
