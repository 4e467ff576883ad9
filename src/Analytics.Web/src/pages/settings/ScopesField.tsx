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
      {rows.map(({ scope, about }) => (
        <div class="scope" key={scope}>
          <label class="check">
            <input
              type="checkbox"
              aria-describedby={`${id}-${scope}`}
              checked={chosen.includes(scope)}
              onChange={() => onChange(toggled(chosen, scope))}
            />
            <code>{scope}</code>
          </label>
          <span id={`${id}-${scope}`} class="muted">
            {about}
          </span>
        </div>
      ))}
      <p class="scopes-few">
        <button type="button" class="row-link" onClick={() => onChange(rows.filter(isReading).map((row) => row.scope))}>
          Reading only
        </button>
        <button type="button" class="row-link" onClick={() => onChange([])}>
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

const toggled = (chosen: string[], scope: string) =>
  chosen.includes(scope) ? chosen.filter((each) => each !== scope) : [...chosen, scope];
