import { Plus, X } from "lucide-preact";
import { useId } from "preact/hooks";
import type { Problem } from "../api/problem.ts";
import type { FilterText } from "./filterText.ts";
import { operators } from "./words.ts";

interface Props {
  legend: string;
  filters: FilterText[];
  problem: Problem | null;
  /** Where the filters stand in what is sent; at its root unless it is said. */
  pointer?: string;
  /** The id of a list of fields to choose from. */
  list?: string;
  onChange: (filters: FilterText[]) => void;
}

const fresh: FilterText = { field: "", operator: "EQUALS", value: "" };

/** What must hold of what is counted: a line for each. */
export function FiltersField({ legend, filters, problem, pointer = "filters", list, onChange }: Props) {
  const id = useId();
  const change = (at: number, part: Partial<FilterText>) =>
    onChange(filters.map((filter, place) => (place === at ? { ...filter, ...part } : filter)));
  return (
    <fieldset class="unit-filters">
      <legend>{legend}</legend>
      {filters.map((filter, at) => (
        <div class="unit-filter" key={at}>
          <input
            class="mono"
            aria-label={`Field of filter ${at + 1}`}
            placeholder="plan"
            list={list}
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
          {faultsOf(problem, `${pointer}/${at}`).map((fault) => (
            <p key={fault} class="fault" role="alert">
              {fault}
            </p>
          ))}
        </div>
      ))}
      <p>
        <button type="button" class="quiet" onClick={() => onChange([...filters, fresh])}>
          <Plus size={14} aria-hidden="true" /> Add a filter
        </button>
      </p>
      {filters.length > 0 && (
        <small id={`${id}-note`} class="muted">
          42 and true are a number and a truth value; "42" in quotes is a text. Lists are parted by commas.
        </small>
      )}
      {problem?.faultOf(pointer) && <p class="fault">{problem.faultOf(pointer)}</p>}
    </fieldset>
  );
}

/** What is wrong with one filter, part by part. */
const faultsOf = (problem: Problem | null, pointer: string): string[] =>
  (["field", "operator", "value"] as const).flatMap((part) => {
    const fault = problem?.faultOf(`${pointer}/${part}`);
    return fault ? [`${part[0]?.toUpperCase()}${part.slice(1)}: ${fault}`] : [];
  });
