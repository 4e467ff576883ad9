/** The newest so many items, each with a number that counts from the first one ever added. */
export class Ring<T> {
  readonly #items: T[] = [];
  #count = 0;

  constructor(readonly size: number) {}

  /** How many were ever added: the number of the next one. */
  get count(): number {
    return this.#count;
  }

  /** The number of the oldest that is still there. */
  get first(): number {
    return Math.max(0, this.#count - this.size);
  }

  add(item: T): void {
    this.#items[this.#count % this.size] = item;
    this.#count++;
  }

  /** Those with the numbers from `from` up to `to`, without it, as far as they are still there; the oldest first. */
  slice(from: number, to: number): T[] {
    const items: T[] = [];
    for (let at = Math.max(from, this.first); at < Math.min(to, this.#count); at++)
      items.push(this.#items[at % this.size] as T);
    return items;
  }
}
