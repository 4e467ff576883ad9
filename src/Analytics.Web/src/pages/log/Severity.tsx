import type { Severity as Name } from "../../live/record.ts";

/** How bad it is: a word, a colour, and one of four shapes, since the colours meet for eyes that see few. */
export function Severity({ name }: { name: Name }) {
  return <span class={`severity is-${name.toLowerCase()}`}>{name}</span>;
}
