import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Props {
  label: string;
  /** What is wrong with it; stands below it. */
  fault?: string | null | undefined;
  /** A sentence that helps. */
  note?: string;
  children: (marks: { id: string; "aria-describedby"?: string; "aria-invalid"?: true }) => ComponentChildren;
}

/** A field of a form, with its label, and what the service said about it beside it. */
export function Field({ label, fault, note, children }: Props) {
  const id = useId();
  const said = fault ? `${id}-fault` : note ? `${id}-note` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(said ? { "aria-describedby": said } : {}),
        ...(fault ? { "aria-invalid": true as const } : {}),
      })}
      {note && (
        <small id={`${id}-note`} class="muted">
          {note}
        </small>
      )}
      {fault && (
        <p id={`${id}-fault`} class="fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
