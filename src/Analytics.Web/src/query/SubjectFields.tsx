import { Plus } from "lucide-preact";
import { useId } from "preact/hooks";
import type { Place } from "../address/place.ts";
import type { Problem } from "../api/problem.ts";
import { Choice } from "../parts/Tabs.tsx";
import { FiltersField } from "./FiltersField.tsx";
import { ListField } from "./ListField.tsx";
import { MetricField } from "./MetricField.tsx";
import { count, type Question } from "./question.ts";
import { useKnown } from "./useKnown.ts";
import { datasets } from "./words.ts";

interface Props {
  place: Place;
  question: Question;
  problem: Problem | null;
  /** Where the question stands in what is sent: nothing, or `query/`. */
  pointer?: string;
  /** One number and one dimension at most: more cannot be watched. */
  isOfOne?: boolean;
  onChange: (question: Question) => void;
}

/** What is asked: about events or requests, which of them, which numbers of them, told apart by what. */
export function SubjectFields({ place, question, problem, pointer = "", isOfOne, onChange }: Props) {
  const id = useId();
  const known = useKnown(place, question);
  const set = (part: Partial<Question>) => onChange({ ...question, ...part });
  const { metrics, dimensions } = question;
  const changed = (at: number, next: Question["metrics"]) => set({ metrics: metrics.toSpliced(at, 1, ...next) });
  const faultOf = (name: string) => listFault(problem, pointer + name);
  return (
    <>
      <datalist id={`${id}-events`}>
        {known.events.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <datalist id={`${id}-fields`}>
        {known.fields.map((field) => (
          <option key={field} value={field} />
        ))}
      </datalist>
      <div class="question-part">
        <div class="field">
          <span class="field-name">Of</span>
          <Choice
            label="Of"
            options={datasets.map(({ slug, name }) => ({ value: slug, name }))}
            value={question.dataset}
            onChange={(dataset) => set({ dataset })}
          />
        </div>
        <fieldset class="plain">
          <legend>{isOfOne ? "Number" : "Numbers"}</legend>
          {metrics.map((metric, at) => (
            <MetricField
              key={at}
              metric={metric}
              place={at + 1}
              problem={problem}
              pointer={`${pointer}metrics/${at}`}
              list={`${id}-fields`}
              onChange={(next) => changed(at, [next])}
              onRemove={metrics.length > 1 ? () => changed(at, []) : undefined}
            />
          ))}
          {!isOfOne && (
            <button type="button" class="quiet" onClick={() => set({ metrics: [...metrics, count] })}>
              <Plus size={14} aria-hidden="true" /> Add a number
            </button>
          )}
        </fieldset>
      </div>
      <div class="question-part">
        {question.dataset === "events" && (
          <ListField
            label="Events"
            one="event"
            note="Without any, all of them."
            values={question.events}
            fault={faultOf("events")}
            list={`${id}-events`}
            onChange={(events) => set({ events })}
          />
        )}
        <ListField
          label="Told apart by"
          one="dimension"
          note={
            question.dataset === "events" ? "name, customer, or a path in the metadata." : "Like endpoint or method."
          }
          values={dimensions}
          fault={faultOf("dimensions")}
          list={`${id}-fields`}
          onChange={(next) => set({ dimensions: isOfOne ? next.slice(-1) : next })}
        />
      </div>
      <FiltersField
        legend={question.dataset === "events" ? "Only events where" : "Only requests where"}
        filters={question.filters}
        problem={problem}
        pointer={`${pointer}filters`}
        list={`${id}-fields`}
        onChange={(filters) => set({ filters })}
      />
    </>
  );
}

/** What is said about a list, or about the first of its members that something is said about. */
const listFault = (problem: Problem | null, name: string): string | null =>
  problem?.faultOf(name) ?? problem?.faults.find(({ pointer }) => pointer.startsWith(`/${name}/`))?.message ?? null;
