import { type Place, usePlace } from "../../address/place.ts";
import { Panel, type Shown } from "../../panels/Panel.tsx";
import { useCall } from "../../panels/useCall.ts";
import { AnswerChart } from "../../query/AnswerChart.tsx";
import { AnswerTable } from "../../query/AnswerTable.tsx";
import type { Answered, Asked } from "../../query/answer.ts";
import { textOf } from "../../query/filterValue.ts";
import { intervalOf, type Question, questionPatch, readQuestion } from "../../query/question.ts";
import { may, session } from "../../session/session.ts";
import { addDays, startIn } from "../../time/dates.ts";
import { Builder } from "./Builder.tsx";
import { answer } from "./panels.ts";
import { Save } from "./Save.tsx";

/** Asks anything of events and requests. All of the question is in the address. */
export default function Explore() {
  const place = usePlace();
  return place && <Asking place={place} />;
}

function Asking({ place }: { place: Place }) {
  // The panel's own call: it is sent once.
  const { error } = useCall(answer.call(place));
  return (
    <div class="grid">
      <Builder place={place} problem={error} />
      <Panel
        row={answer}
        height={280}
        table={(shown) => <AsTable {...shown} />}
        tools={may(place.workspace, "reports:write") && session.value?.customer == null && <Save place={place} />}
      >
        {(shown) => (
          <>
            <AnswerChart answer={shown.answer} asked={askedAt(shown.place)} place={shown.place} isZooming />
            <AsTable {...shown} isBeside />
          </>
        )}
      </Panel>
    </div>
  );
}

/** What the address asks, as the drawing of an answer needs it. */
function askedAt(place: Place): Asked {
  const question = readQuestion(place.params);
  const { start, end, zone, instants } = place.range;
  return {
    ...question,
    interval: intervalOf(question, place),
    zone: place.zone,
    span: instants ?? { from: startIn(zone, start), to: startIn(zone, addDays(end, 1)) },
  };
}

function AsTable({ answer, place, isBeside }: Shown<Answered> & { isBeside?: boolean }) {
  const question = readQuestion(place.params);
  return (
    <AnswerTable
      answer={answer}
      asked={askedAt(place)}
      place={place}
      caption="Answer"
      isBeside={isBeside}
      sort={question.order}
      onSort={(order) => place.set({ order })}
      onOnly={(dimension, value) => place.set(questionPatch(only(question, dimension, value)))}
    />
  );
}

/** The same, of one value of a dimension only, which tells nothing apart then. */
function only(question: Question, dimension: string, value: unknown): Question {
  return {
    ...question,
    dimensions: question.dimensions.filter((each) => each !== dimension),
    filters: [...question.filters, { field: dimension, operator: "EQUALS", value: textOf("EQUALS", value) }],
    order: question.order.replace(/^-/, "") === dimension ? "" : question.order,
  };
}
