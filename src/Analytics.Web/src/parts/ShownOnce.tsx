import { Copy } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import { copy } from "./Copy.tsx";

interface Props {
  /** What it is: "Key". */
  label: string;
  text: string;
  note: string;
}

/** A secret that the service says once: to be copied now. */
export function ShownOnce({ label, text, note }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <div class="shown-once">
      <label>
        {label}
        <input
          class="mono"
          readOnly
          value={text}
          spellcheck={false}
          onFocus={(event) => event.currentTarget.select()}
          ref={field}
        />
      </label>
      <button type="button" class="primary" onClick={() => copy(text, label.toLowerCase())}>
        <Copy size={14} aria-hidden="true" /> Copy
      </button>
      <p class="muted">{note}</p>
    </div>
  );
}
