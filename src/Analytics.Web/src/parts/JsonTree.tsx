import { Exact } from "../api/exact.ts";

const isBranch = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !(value instanceof Exact);

/** How many levels are unfolded from the start. */
const unfolded = 2;

/** JSON to read: objects and lists fold, numbers keep their digits, and everything is text. */
export function JsonTree({ value, depth = 0 }: { value: unknown; depth?: number }) {
  if (!isBranch(value)) return <Leaf value={value} />;
  const members = Object.entries(value);
  if (members.length === 0) return <code class="json-leaf">{Array.isArray(value) ? "[]" : "{}"}</code>;
  return (
    <ul class="json">
      {members.map(([name, member]) => (
        <li key={name}>
          {isBranch(member) && Object.keys(member).length > 0 ? (
            <details open={depth + 1 < unfolded}>
              <summary>
                <code class="json-name">{name}</code> <span class="muted">{sizeOf(member)}</span>
              </summary>
              <JsonTree value={member} depth={depth + 1} />
            </details>
          ) : (
            <>
              <code class="json-name">{name}</code> <JsonTree value={member} depth={depth + 1} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

const sizeOf = (branch: object) => {
  const count = Object.keys(branch).length;
  return Array.isArray(branch)
    ? `${count} ${count === 1 ? "item" : "items"}`
    : `${count} ${count === 1 ? "member" : "members"}`;
};

function Leaf({ value }: { value: unknown }) {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return <code class={typeof value === "string" ? "json-leaf is-text" : "json-leaf"}>{text}</code>;
}
