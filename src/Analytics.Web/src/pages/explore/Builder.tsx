import { useEffect, useState } from "preact/hooks";
import { intervalsOf } from "../../address/period.ts";
import type { Place } from "../../address/place.ts";
import type { Problem } from "../../api/problem.ts";
import { Field } from "../../parts/Field.tsx";
import { columnsOf, type Question, questionPatch, readQuestion } from "../../query/question.ts";
import { SubjectFields } from "../../query/SubjectFields.tsx";
import { daysFrom } from "../../time/dates.ts";

interface Props {
  place: Place;
  /** What the service found wrong with what was asked. */
  problem: Problem | null;
}

/** What is to be asked. It stands in the address once it is asked: a link shows the same. */
export function Builder({ place, problem }: Props) {
  const [question, setQuestion] = useState(() => readQuestion(place.params));
  const there = JSON.stringify(readQuestion(place.params));
  // Back and forth, and a click on what the answer has, ask something else.
  useEffect(() => setQuestion(JSON.parse(there)), [there]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const order = columnsOf(question).includes(question.order.replace(/^-/, "")) ? question.order : "";
    place.set(questionPatch({ ...question, order }));
  };
  return (
    <form class="panel question" aria-label="Question" noValidate onSubmit={submit}>
      <SubjectFields place={place} question={question} problem={problem} onChange={setQuestion} />
      <Shape place={place} question={question} problem={problem} onChange={setQuestion} />
      <div class="form-foot">
        <button type="submit" class="primary">
          Ask
        </button>
      </div>
    </form>
  );
}

interface ShapeProps extends Props {
  question: Question;
  onChange: (question: Question) => void;
}

/** How the answer is cut, ordered and bounded. */
function Shape({ place, question, problem, onChange }: ShapeProps) {
  const intervals = intervalsOf(daysFrom(place.range.start, place.range.end), { hasMinutes: true });
  const orders = columnsOf(question).flatMap((column) => [
    { value: `-${column}`, name: `${column}, biggest first` },
    { value: column, name: `${column}, smallest first` },
  ]);
  return (
    <div class="question-shape">
      <Field label="Over time" fault={problem?.faultOf("interval")}>
        {(marks) => (
          <select
            {...marks}
            value={question.interval ?? ""}
            onChange={(event) =>
              onChange({ ...question, interval: (event.currentTarget.value || null) as Question["interval"] })
            }
          >
            <option value="">As fine as fits</option>
            {intervals.map((interval) => (
              <option key={interval} value={interval} selected={interval === question.interval}>
                By {interval}
              </option>
            ))}
            <option value="none" selected={question.interval === "none"}>
              All of it together
            </option>
          </select>
        )}
      </Field>
      <Field label="Order" fault={problem?.faultOf("orderBy")}>
        {(marks) => (
          <select
            {...marks}
            value={question.order}
            onChange={(event) => onChange({ ...question, order: event.currentTarget.value })}
          >
            <option value="">As it comes</option>
            {orders.map(({ value, name }) => (
              <option key={value} value={value} selected={value === question.order}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Rows at most" fault={problem?.faultOf("limit")}>
        {(marks) => (
          <input
            {...marks}
            type="number"
            min={1}
            max={1000}
            placeholder="1000"
            value={question.limit}
            onInput={(event) => onChange({ ...question, limit: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}
