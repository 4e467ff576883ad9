import { effect } from "@preact/signals";
import { theme } from "./kept.ts";

/** Keeps the document in the chosen theme: the style sheet goes by the attribute, else by the system. */
export function applyTheme(): void {
  effect(() => {
    if (theme.value === "system") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = theme.value;
  });
}
