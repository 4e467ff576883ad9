import { useId } from "preact/hooks";
import { isReading, type ScopeRow } from "./scopes.ts";

interface Props {
  rows: ScopeRow[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  fault: string | null | undefined;
}

/** What a key may do. */
export function ScopesField({ rows, chosen, onChange, fault }: Props) {
  const id = useId();
  return (
    <fieldset class="scopes" aria-describedby={fault ? id : undefined}>
      <legend>It may</legend>
      {rows.map((row) => (
        <label class="check" key={row.scope}>
          <input
            type="checkbox"
            checked={chosen.includes(row.scope)}
            onChange={() =>
              onChange(
                chosen.includes(row.scope) ? chosen.filter((scope) => scope !== row.scope) : [...chosen, row.scope],
              )
            }
          />
          <code>{row.scope}</code> <span class="muted">{row.about}</span>
        </label>
      ))}
      <p class="scopes-few">
        <button type="button" class="quiet" onClick={() => onChange(rows.filter(isReading).map((row) => row.scope))}>
          Reading only
        </button>
        <button type="button" class="quiet" onClick={() => onChange([])}>
          None
        </button>
      </p>
      {fault && (
        <p id={id} class="fault" role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  );
}
