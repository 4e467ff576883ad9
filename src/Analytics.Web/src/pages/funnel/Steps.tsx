import { double } from "../../api/exact.ts";
import { exact, format } from "../../numbers/format.ts";
import type { Shown } from "../../panels/Panel.tsx";
import { Table } from "../../panels/Table.tsx";
import { Change } from "../../panels/Tile.tsx";
import type { Funnel } from "./index.tsx";
import { stepName } from "./steps.ts";

type Step = Funnel["steps"][number];

/** The steps as bars, what is lost between them, and where most is lost. */
export function Steps({ answer, before, place }: Shown<Funnel>) {
  const money = { currency: place.workspace.currency };
  const worst = answer.biggestDropOff;
  return (
    <>
      {worst && (
        <p class="funnel-worst">
          Most visitors leave between <strong>{stepName(worst.from)}</strong> and <strong>{stepName(worst.to)}</strong>:{" "}
          {exact(worst.visitors, "count", money)} of {exact(visitorsOf(answer, worst.from), "count", money)}.
        </p>
      )}
      <ol class="funnel">
        {answer.steps.map((step, at) => (
          <li key={step.step} data-step={step.step} class={step.step === worst?.to ? "is-worst" : ""}>
            {at > 0 && (
              <p class="funnel-left">
                <span aria-hidden="true">↓</span> {format(step.conversionFromPrevious, "percent", money)} go on,{" "}
                {exact(step.dropOff, "count", money)} leave
                {step.step === worst?.to && <b> most of all</b>}
              </p>
            )}
            <div class="funnel-step">
              <span class="funnel-bar" style={{ width: `${double(step.conversionFromFirst).toFixed(2)}%` }} />
              <span class="funnel-name">{stepName(step.step)}</span>
              {before && (
                <Change
                  now={step.visitors}
                  before={visitorsOf(before, step.step)}
                  sense="more"
                  isSoFar={place.range.isLive}
                />
              )}
              <span class="funnel-count">{exact(step.visitors, "count", money)}</span>
              <span class="funnel-share">{format(step.conversionFromFirst, "percent", money)}</span>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

const visitorsOf = (answer: Funnel, slug: string) => answer.steps.find((step) => step.step === slug)?.visitors ?? null;

export function StepsTable({ answer, before, place }: Shown<Funnel>) {
  return (
    <Table
      caption="From a visit to a first API call"
      money={{ currency: place.workspace.currency }}
      rows={answer.steps}
      keyOf={(step) => step.step}
      columns={[
        { title: "Step", cell: (step) => stepName(step.step) },
        { title: "Visitors", cell: (step) => step.visitors, unit: "count" },
        ...(before
          ? [{ title: "Before", cell: (step: Step) => visitorsOf(before, step.step), unit: "count" as const }]
          : []),
        { title: "Of the step before", cell: (step) => step.conversionFromPrevious, unit: "percent" },
        { title: "Of the first", cell: (step) => step.conversionFromFirst, unit: "percent" },
        { title: "Left before it", cell: (step) => step.dropOff, unit: "count" },
      ]}
    />
  );
}
