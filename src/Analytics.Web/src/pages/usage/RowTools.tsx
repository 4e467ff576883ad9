import { useQueryClient } from "@tanstack/preact-query";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ask } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { say } from "../../parts/Toast.tsx";
import { useSending } from "../../parts/useSending.ts";

interface Props {
  /** What is changed or deleted. */
  name: string;
  /** What deleting it means. */
  what: string;
  remove: () => Promise<unknown>;
  /** Its form. */
  children: (how: { onClose: () => void; onSaved: () => void }) => ComponentChildren;
}

/** Changes or deletes what a row stands for. */
export function RowTools({ name, what, remove, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const { problem, send } = useSending();
  const client = useQueryClient();
  const onDelete = async () => {
    const isSure = await ask({ title: `Delete ${name}`, body: <p>{what}</p>, confirm: "Delete", isDangerous: true });
    if (!isSure || !(await send(remove))) return;
    say(`${name} is deleted`);
    void client.invalidateQueries();
  };
  return (
    <span class="row-tools">
      <button type="button" class="quiet" aria-label={`Change ${name}`} onClick={() => setOpen(true)}>
        Change
      </button>
      <button type="button" class="quiet" aria-label={`Delete ${name}`} onClick={onDelete}>
        Delete
      </button>
      <Fault text={problem?.message} />
      {isOpen && children({ onClose: () => setOpen(false), onSaved: () => void client.invalidateQueries() })}
    </span>
  );
}
