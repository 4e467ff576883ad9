/** A message of an event stream, or (`data` null) only the word where the stream is. */
export interface Message {
  event: string;
  data: string | null;
}

/**
 * Reads `text/event-stream` as the standard describes it, in pieces as they come. Not the browser's `EventSource`: that hides the status
 * of a refusal, and ids that come without data, which say where the stream is before its first message.
 */
export class MessageReader {
  /** Where the stream is: what `last_event_id` goes on from. */
  lastId: string | null = null;
  /** Milliseconds to wait before it is opened again, as the service wishes. */
  retry: number | null = null;
  #rest = "";
  #id: string | null = null;
  #isPlaced = false;
  #event = "";
  #data: string[] = [];

  /** The messages that a piece completes. */
  read(piece: string): Message[] {
    const messages: Message[] = [];
    const text = this.#rest + piece;
    // A \r at the very end may be half of \r\n.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") this.#field(line);
      else messages.push(...this.#block());
    }
    return messages;
  }

  /** A stream that was cut off in the middle of a message: it is not one. */
  reset(): void {
    this.#rest = "";
    this.#id = this.lastId;
    this.#begin();
  }

  #begin(): void {
    this.#event = "";
    this.#data = [];
    this.#isPlaced = false;
  }

  // An id counts with its whole message: who is cut off before its end has to get it again.
  #block(): Message[] {
    const data = this.#data.length > 0 ? this.#data.join("\n") : null;
    const messages = data !== null || this.#isPlaced ? [{ event: this.#event || "message", data }] : [];
    this.lastId = this.#id;
    this.#begin();
    return messages;
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data.push(value);
    else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) {
      this.#id = value;
      this.#isPlaced = true;
    } else if (name === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
  }
}
