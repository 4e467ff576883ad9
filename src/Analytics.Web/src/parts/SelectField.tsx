import { Field } from "./Field.tsx";

interface Props {
  label: string;
  fault?: string | null | undefined;
  note?: string;
  options: readonly { slug: string; name: string }[];
  value: string;
  onChange: (value: string) => void;
}

/** A field of a form that is one of a few. */
export function SelectField({ label, fault, note, options, value, onChange }: Props) {
  return (
    <Field label={label} fault={fault} {...(note ? { note } : {})}>
      {(marks) => (
        <select {...marks} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.slug} value={option.slug} selected={option.slug === value}>
              {option.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
