import { Copy } from "lucide-preact";
import { copy } from "./Copy.tsx";

interface Props {
  /** What it is: "Key". */
  label: string;
  text: string;
  note: string;
}

/** A secret that the service says once: to be copied now. */
export function ShownOnce({ label, text, note }: Props) {
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
          // biome-ignore lint/a11y/noAutofocus: the one thing to do in its dialog is to copy it
          autofocus
        />
      </label>
      <button type="button" class="primary" onClick={() => copy(text, label.toLowerCase())}>
        <Copy size={14} aria-hidden="true" /> Copy
      </button>
      <p class="muted">{note}</p>
    </div>
  );
}
