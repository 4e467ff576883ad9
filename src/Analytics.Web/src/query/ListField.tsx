import { X } from "lucide-preact";
import { useState } from "preact/hooks";
import { Field } from "../parts/Field.tsx";

interface Props {
  label: string;
  /** What one of them is called, for the button that adds it. */
  one: string;
  note: string;
  values: string[];
  fault: string | null | undefined;
  /** The id of a list to choose from. */
  list: string;
  onChange: (values: string[]) => void;
}

/** Some texts, each once: typed or chosen, added by Enter or by leaving the field. */
export function ListField({ label, one, note, values, fault, list, onChange }: Props) {
  const [text, setText] = useState("");
  const add = () => {
    if (text.trim() !== "") onChange([...new Set([...values, text.trim()])]);
    setText("");
  };
  return (
    <div class="list-field">
      <Field label={label} fault={fault} note={note}>
        {(marks) => (
          <input
            {...marks}
            class="mono"
            value={text}
            list={list}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || text.trim() === "") return;
              event.preventDefault();
              add();
            }}
          />
        )}
      </Field>
      {values.length > 0 && (
        <ul class="chips" aria-label={label}>
          {values.map((value) => (
            <li class="chip" key={value}>
              <b>{value}</b>
              <button
                type="button"
                class="icon quiet"
                aria-label={`Remove ${one} ${value}`}
                onClick={() => onChange(values.filter((each) => each !== value))}
              >
                <X size={12} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
