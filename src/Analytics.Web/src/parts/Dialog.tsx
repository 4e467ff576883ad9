import { signal } from "@preact/signals";
import { X } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** A drawer comes from the side. */
  kind?: "dialog" | "drawer";
}

/** The browser's own modal dialog: it holds the focus, Escape closes it, the page behind is inert. */
export function Dialog({ title, onClose, children, kind = "dialog" }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, by the browser
    <dialog
      ref={dialog}
      class={kind}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="dialog-frame">
        <header class="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" class="icon quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
            <X size={18} aria-hidden="true" />
          </button>
        </header>
        <div class="dialog-body">{children}</div>
      </div>
    </dialog>
  );
}

interface Question {
  title: string;
  body: ComponentChildren;
  confirm: string;
  /** The text that has to be typed first: for what cannot be taken back. */
  typed?: string;
  isDangerous?: boolean;
}

const open = signal<(Question & { answer: (isYes: boolean) => void }) | null>(null);

/** Asks the reader; true when they confirm. */
export function ask(question: Question): Promise<boolean> {
  return new Promise((answer) => {
    open.value = { ...question, answer };
  });
}

/** Where questions appear: once a page. */
export function Questions() {
  const question = open.value;
  if (!question) return null;
  const close = (isYes: boolean) => {
    open.value = null;
    question.answer(isYes);
  };
  return (
    <Dialog title={question.title} onClose={() => close(false)}>
      <Confirm question={question} close={close} />
    </Dialog>
  );
}

function Confirm({ question, close }: { question: Question; close: (isYes: boolean) => void }) {
  const [typed, setTyped] = useState("");
  const isReady = question.typed === undefined || typed === question.typed;
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) close(true);
      }}
    >
      {question.body}
      {question.typed !== undefined && (
        <label>
          <span>
            Type <code>{question.typed}</code> to go on
          </span>
          <input value={typed} autocomplete="off" onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
      )}
      <div class="form-foot">
        <button type="submit" class={question.isDangerous ? "danger" : "primary"} disabled={!isReady}>
          {question.confirm}
        </button>
      </div>
    </form>
  );
}
