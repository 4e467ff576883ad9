import { MoreHorizontal } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  label: string;
  children: ComponentChildren;
  /** What the button shows; three dots by default. */
  face?: ComponentChildren;
  class?: string;
}

const isItem = (node: EventTarget | null): node is HTMLElement =>
  node instanceof HTMLElement && node.closest("[role=menuitem]") !== null;

/** A button with a menu below it: arrows go through it, Escape and a click elsewhere close it. */
export function Menu({ label, children, face, class: kind = "icon quiet" }: Props) {
  const [isOpen, setOpen] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useLayoutEffect(() => {
    if (isOpen) list.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return;
    const outside = (event: Event) => {
      if (!list.current?.contains(event.target as Node) && !button.current?.contains(event.target as Node))
        setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length]?.focus();
    else if (event.key === "Home") items[0]?.focus();
    else if (event.key === "End") items.at(-1)?.focus();
    else if (event.key === "Tab") return setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: button and list share their keys
    <div class="menu" onKeyDown={isOpen ? onKeyDown : undefined}>
      <button
        ref={button}
        type="button"
        class={kind}
        aria-label={face ? undefined : label}
        title={face ? undefined : label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {face ?? <MoreHorizontal size={16} aria-hidden="true" />}
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the items take the keys
        <div
          ref={list}
          id={id}
          class="menu-list"
          role="menu"
          tabIndex={-1}
          aria-label={label}
          onClick={(event) => isItem(event.target) && close()}
        >
          {children}
        </div>
      )}
    </div>
  );
}
