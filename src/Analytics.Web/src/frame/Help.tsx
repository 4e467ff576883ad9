import { signal } from "@preact/signals";
import { periods } from "../address/period.ts";
import { pages } from "../pages/catalogue.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { hasShortcuts } from "./kept.ts";

export const isHelpOpen = signal(false);

const others: [string, string][] = [
  ["← →", "A period back or forth"],
  ["X", "Compare with the period before, the year before, nothing"],
  ["I", "The next interval"],
  ["C", "Choose dates"],
  ["/", "Search"],
  ["V", "Chart or table, on the focused panel"],
  [".", "Menu of the focused panel"],
  ["← → Enter", "On a focused chart: the bucket, and a zoom to it; Shift for several"],
  ["Space", "Pause the live log"],
  ["J K", "Next or last row of a list"],
  ["Esc", "Close, then clear the filters"],
  ["?", "This sheet"],
];

/** Every key that does something. */
export function Help() {
  if (!isHelpOpen.value) return null;
  return (
    <Dialog
      title="Keyboard"
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <label class="check">
        <input
          type="checkbox"
          checked={hasShortcuts.value}
          onChange={(event) => {
            hasShortcuts.value = event.currentTarget.checked;
          }}
        />
        Shortcuts are on
      </label>
      <div class="keys">
        <Keys title="Period" rows={periods.map((period) => [period.key.toUpperCase(), period.name])} />
        <Keys title="Pages" rows={pages.map((page) => [`G ${page.key.toUpperCase()}`, page.name])} />
        <Keys title="Everywhere" rows={others} />
      </div>
    </Dialog>
  );
}

function Keys({ title, rows }: { title: string; rows: [string, string][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
