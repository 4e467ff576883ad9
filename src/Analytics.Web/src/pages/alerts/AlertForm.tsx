import type { Place } from "../../address/place.ts";
import type { Problem } from "../../api/problem.ts";
import { severities } from "../../live/record.ts";
import { Fault } from "../../parts/Fault.tsx";
import { Field } from "../../parts/Field.tsx";
import { SelectField } from "../../parts/SelectField.tsx";
import { Choice } from "../../parts/Tabs.tsx";
import { SubjectFields } from "../../query/SubjectFields.tsx";
import type { AlertText } from "./alertText.ts";
import { StatisticFields } from "./StatisticFields.tsx";
import { conditions, dayWindows, isChange, windows } from "./words.ts";

interface Props {
  place: Place;
  text: AlertText;
  problem: Problem | null;
  isBusy: boolean;
  isNew: boolean;
  onChange: (text: AlertText) => void;
  onTry: () => void;
  onSave: () => void;
}

const kinds = [
  { value: "query", name: "Events or requests" },
  { value: "statistic", name: "Apps" },
] as const;

/** An alert: what is watched, in which window, and when it fires. */
export function AlertForm({ place, text, problem, isBusy, isNew, onChange, onTry, onSave }: Props) {
  const set = (part: Partial<AlertText>) => onChange({ ...text, ...part });
  const turn = (kind: string) => {
    const isStatistic = kind === "statistic";
    set({
      isStatistic,
      window: isStatistic && !dayWindows.some((row) => row.slug === text.window) ? "1d" : text.window,
    });
  };
  return (
    <form
      class="panel question"
      aria-label="Alert"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <div class="question-shape">
        <Field label="Name" fault={problem?.faultOf("name")}>
          {(marks) => (
            <input
              {...marks}
              value={text.name}
              autocomplete="off"
              onInput={(event) => set({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <SelectField
          label="Severity"
          fault={problem?.faultOf("severity")}
          options={severities.map((slug) => ({ slug, name: slug }))}
          value={text.severity}
          onChange={(severity) => set({ severity })}
        />
        <div class="field">
          <span class="field-name">Watches</span>
          <Choice label="Watches" options={kinds} value={text.isStatistic ? "statistic" : "query"} onChange={turn} />
        </div>
      </div>
      {text.isStatistic ? (
        <StatisticFields place={place} text={text} problem={problem} onChange={onChange} />
      ) : (
        <SubjectFields
          place={place}
          question={text.question}
          problem={problem}
          pointer="query/"
          isOfOne
          onChange={(question) => set({ question })}
        />
      )}
      <When text={text} problem={problem} set={set} />
      <Fault text={problem && problem.faults.length === 0 ? problem.message : null} />
      <div class="form-foot">
        <button type="button" onClick={onTry}>
          Preview
        </button>
        <button type="submit" class="primary" disabled={isBusy}>
          {isNew ? "Make the alert" : "Save"}
        </button>
      </div>
    </form>
  );
}

interface WhenProps {
  text: AlertText;
  problem: Problem | null;
  set: (part: Partial<AlertText>) => void;
}

function When({ text, problem, set }: WhenProps) {
  const isOfChange = isChange(text.condition);
  const fault = isOfChange ? problem?.faultOf("when/changePercent") : problem?.faultOf("when/value");
  return (
    <div class="question-shape">
      <SelectField
        label="In the last"
        fault={problem?.faultOf("window")}
        options={text.isStatistic ? dayWindows : windows}
        value={text.window}
        onChange={(window) => set({ window })}
      />
      <SelectField
        label="It fires when the number"
        fault={problem?.faultOf("when") ?? problem?.faultOf("when/operator")}
        options={conditions}
        value={text.condition}
        onChange={(condition) => set({ condition: condition as AlertText["condition"] })}
      />
      <Field label={isOfChange ? "Percent" : "Limit"} fault={fault}>
        {(marks) => (
          <input
            {...marks}
            inputMode="decimal"
            value={text.limit}
            autocomplete="off"
            onInput={(event) => set({ limit: event.currentTarget.value })}
          />
        )}
      </Field>
    </div>
  );
}
