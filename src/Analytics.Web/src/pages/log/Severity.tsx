import { Circle, Octagon, Square, Triangle } from "lucide-preact";
import type { Severity as Name } from "../../live/record.ts";

/** Four shapes: their colours meet for eyes that see few. */
const shapes = { INFO: Circle, WARN: Triangle, ERROR: Square, CRITICAL: Octagon };

/** How bad it is: a shape, a word, a colour. */
export function Severity({ name }: { name: Name }) {
  const Shape = shapes[name];
  return (
    <span class={`severity is-${name.toLowerCase()}`}>
      <Shape size={10} fill={name === "CRITICAL" ? "currentColor" : "none"} aria-hidden="true" />
      {name}
    </span>
  );
}
