import { X } from "lucide-preact";
import type { Problem } from "../api/problem.ts";
import type { MetricText } from "./question.ts";
import { aggregations } from "./words.ts";

interface Props {
  metric: MetricText;
  /** Which of them it is, for those who do not see where it stands. */
  place: number;
  problem: Problem | null;
  /** Where it stands in what is sent. */
  pointer: string;
  /** The id of a list of fields to choose from. */
  list: string;
  onChange: (metric: MetricText) => void;
  onRemove?: (() => void) | undefined;
}

/** One number that is asked for: what is made of which field. */
export function MetricField({ metric, place, problem, pointer, list, onChange, onRemove }: Props) {
  const known = aggregations.some((row) => row.slug === metric.aggregation)
    ? aggregations
    : [...aggregations, { slug: metric.aggregation, name: `${metric.aggregation} of` }];
  const faults = ["", "/aggregation", "/field"].flatMap((part) => problem?.faultOf(pointer + part) ?? []);
  return (
    <div class="metric-field">
      <select
        aria-label={`What number ${place} is`}
        value={metric.aggregation}
        onChange={(event) => onChange({ ...metric, aggregation: event.currentTarget.value })}
      >
        {known.map((row) => (
          <option key={row.slug} value={row.slug} selected={row.slug === metric.aggregation}>
            {row.name}
          </option>
        ))}
      </select>
      <input
        class="mono"
        aria-label={`Field of number ${place}`}
        placeholder={metric.aggregation === "count" ? "all" : "a field"}
        value={metric.field}
        list={list}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onChange({ ...metric, field: event.currentTarget.value.trim() })}
      />
      {onRemove && (
        <button type="button" class="icon quiet" aria-label={`Remove number ${place}`} onClick={onRemove}>
          <X size={14} aria-hidden="true" />
        </button>
      )}
      {faults.map((fault) => (
        <p key={fault} class="fault" role="alert">
          {fault}
        </p>
      ))}
    </div>
  );
}
