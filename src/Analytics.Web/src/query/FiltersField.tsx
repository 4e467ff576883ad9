import { X } from "lucide-preact";
import { useId } from "preact/hooks";
import type { Problem } from "../../api/problem.ts";
import type { FilterText } from "./unitBody.ts";
import { operators } from "./words.ts";

interface Props {
  filters: FilterText[];
  problem: Problem | null;
  onChange: (filters: FilterText[]) => void;
}

const fresh: FilterText = { field: "", operator: "EQUALS", value: "" };

/** What must hold of an event that is counted: a line for each. */
export function FiltersField({ filters, problem, onChange }: Props) {
  const id = useId();
  const change = (at: number, part: Partial<FilterText>) =>
    onChange(filters.map((filter, place) => (place === at ? { ...filter, ...part } : filter)));
  return (
    <fieldset class="unit-filters">
      <legend>Only events where</legend>
      {filters.map((filter, at) => (
        <div class="unit-filter" key={at}>
          <input
            class="mono"
            aria-label={`Field of filter ${at + 1}`}
            placeholder="plan"
            value={filter.field}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => change(at, { field: event.currentTarget.value })}
          />
          <select
            aria-label={`Operator of filter ${at + 1}`}
            value={filter.operator}
            onChange={(event) => change(at, { operator: event.currentTarget.value })}
          >
            {operators.map((operator) => (
              <option key={operator.slug} value={operator.slug} selected={operator.slug === filter.operator}>
                {operator.name}
              </option>
            ))}
          </select>
          <input
            aria-label={`Value of filter ${at + 1}`}
            aria-describedby={`${id}-note`}
            placeholder={filter.operator.endsWith("IN") && filter.operator !== "CONTAINS" ? "pro, team" : "pro"}
            value={filter.value}
            autocomplete="off"
            onInput={(event) => change(at, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="icon quiet"
            aria-label={`Remove filter ${at + 1}`}
            onClick={() => onChange(filters.filter((_, place) => place !== at))}
          >
            <X size={14} aria-hidden="true" />
          </button>
          {faultsOf(problem, at).map((fault) => (
            <p key={fault} class="fault" role="alert">
              {fault}
            </p>
          ))}
        </div>
      ))}
      <p>
        <button type="button" class="quiet" onClick={() => onChange([...filters, fresh])}>
          Add a filter
        </button>
      </p>
      {filters.length > 0 && (
        <small id={`${id}-note`} class="muted">
          42 and true are a number and a truth value; "42" in quotes is a text. Lists are parted by commas.
        </small>
      )}
      {problem?.faultOf("filters") && <p class="fault">{problem.faultOf("filters")}</p>}
    </fieldset>
  );
}

/** What is wrong with one filter, part by part. */
const faultsOf = (problem: Problem | null, at: number): string[] =>
  (["field", "operator", "value"] as const).flatMap((part) => {
    const fault = problem?.faultOf(`filters/${at}/${part}`);
    return fault ? [`${part[0]?.toUpperCase()}${part.slice(1)}: ${fault}`] : [];
  });
