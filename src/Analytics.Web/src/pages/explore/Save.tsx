import { useState } from "preact/hooks";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { useCall } from "../../panels/useCall.ts";
import { bodyOf, readQuestion } from "../../query/question.ts";
import { ReportForm } from "../reports/ReportForm.tsx";

/** Keeps what is asked: as a new report or, where the reader came from one, in its place. */
export function Save({ place }: { place: Place }) {
  const [opened, setOpened] = useState<"new" | "change" | null>(null);
  const id = place.params.get("report");
  const { data: report } = useCall(
    id ? get("/api/v1/analytics/reports/{id}", { at: { id }, query: { tenantId: place.workspace.id } }) : null,
  );
  return (
    <>
      {report && id && (
        <button type="button" onClick={() => setOpened("change")}>
          Save to {report.name}
        </button>
      )}
      <button type="button" onClick={() => setOpened("new")}>
        Save as a report
      </button>
      {opened && (
        <ReportForm
          place={place}
          query={bodyOf(readQuestion(place.params), place)}
          report={opened === "change" ? report : undefined}
          onClose={() => setOpened(null)}
          onSaved={(saved) => place.go(`reports/${saved.id}`)}
        />
      )}
    </>
  );
}
