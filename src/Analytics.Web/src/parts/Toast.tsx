import { signal } from "@preact/signals";

const said = signal<{ text: string; at: number } | null>(null);

/** Says a short sentence at the bottom of the page, for some seconds; screen readers speak it. */
export function say(text: string): void {
  const at = Date.now();
  said.value = { text, at };
  setTimeout(() => {
    if (said.value?.at === at) said.value = null;
  }, 4000);
}

export function Toast() {
  return (
    <div class="toast" role="status" aria-live="polite">
      {said.value && <span>{said.value.text}</span>}
    </div>
  );
}
