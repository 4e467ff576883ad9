import { jsonText } from "../../../api/exact.ts";
import { JsonTree } from "../../../parts/JsonTree.tsx";
import { cellText } from "./cellText.ts";

const isTree = (value: unknown) => typeof value === "object" && value !== null;

/** A value in short, in one line: as it was sent, and as text whatever it looks like. */
export function Cell({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span class="muted">null</span>;
  return <span class="cell-text">{cellText(value)}</span>;
}

/** All of it: JSON folds. */
export function Whole({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span class="muted">null</span>;
  if (isTree(value)) return <JsonTree value={value} />;
  return <span class="cell-whole">{typeof value === "string" ? value : jsonText(value)}</span>;
}
