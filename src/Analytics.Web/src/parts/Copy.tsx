import { Copy as CopyIcon } from "lucide-preact";
import { ask } from "./Dialog.tsx";
import { say } from "./Toast.tsx";

/** Puts a text into the clipboard; where the browser has none (plain http in a LAN) it shows the text, selected. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(`Copied: ${what}`);
  } catch {
    await ask({
      title: `Copy: ${what}`,
      confirm: "Close",
      body: (
        <textarea class="code" readOnly rows={6} aria-label={what} ref={(area) => area?.select()}>
          {text}
        </textarea>
      ),
    });
  }
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  return (
    <button type="button" class="icon quiet" aria-label={label} title={label} onClick={() => copy(text, label)}>
      <CopyIcon size={14} aria-hidden="true" />
    </button>
  );
}
