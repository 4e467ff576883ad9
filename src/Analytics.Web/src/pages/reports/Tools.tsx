import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { client } from "../../api/client.ts";
import { tell } from "../../api/fetch.ts";
import { ask } from "../../parts/Dialog.tsx";
import { Fault } from "../../parts/Fault.tsx";
import { LinkForm, type SharedLink } from "../../parts/LinkForm.tsx";
import { say } from "../../parts/Toast.tsx";
import { useSending } from "../../parts/useSending.ts";
import { questionPatch } from "../../query/question.ts";
import { questionOf, timePatch } from "../../query/saved.ts";
import { may } from "../../session/session.ts";
import { type Report, ReportForm } from "./ReportForm.tsx";

type Opened = "change" | "link" | null;

/** What is done with a report. */
export function Tools({ report, place }: { report: Report; place: Place }) {
  const [opened, setOpened] = useState<Opened>(null);
  const isWriter = may(place.workspace, "reports:write");
  const { today, workspace } = place;
  const asked = { ...questionPatch(questionOf(report.query)), ...timePatch(report.query, today, workspace.timezone) };
  const close = () => setOpened(null);
  return (
    <>
      <Link class="button" href={place.href("explore", { ...asked, ...(isWriter ? { report: report.id } : {}) })}>
        Open in Explore
      </Link>
      {isWriter && (
        <>
          <button type="button" onClick={() => setOpened("link")}>
            Share a link
          </button>
          <button type="button" onClick={() => setOpened("change")}>
            Change
          </button>
          <Delete report={report} place={place} />
        </>
      )}
      {opened === "change" && (
        <ReportForm place={place} query={report.query} report={report} onClose={close} onSaved={() => say("Saved")} />
      )}
      {opened === "link" && (
        <LinkForm
          title="Share the report"
          about="Whoever has the link sees what this report comes to when it is opened, and nothing else."
          zone={place.zone}
          make={(expiresAt) =>
            tell<SharedLink>("POST", `api/v1/analytics/reports/${report.id}/links?tenantId=${workspace.id}`, {
              expiresAt,
            })
          }
          onClose={close}
        />
      )}
    </>
  );
}

/** What was kept goes too, so its name is typed first. */
function Delete({ report, place }: { report: Report; place: Place }) {
  const { isBusy, problem, send } = useSending();
  const remove = async () => {
    const isSure = await ask({
      title: "Delete the report",
      body: <p>Its schedule, what it has kept and its links end. This cannot be taken back.</p>,
      confirm: "Delete",
      typed: report.name,
      isDangerous: true,
    });
    const address = `api/v1/analytics/reports/${report.id}?tenantId=${place.workspace.id}`;
    if (!isSure || !(await send(() => tell("DELETE", address)))) return;
    say(`${report.name} is deleted`);
    place.go("reports");
    void client.invalidateQueries({ queryKey: ["/api/v1/analytics/reports"] });
  };
  return (
    <>
      <button type="button" disabled={isBusy} onClick={remove}>
        Delete
      </button>
      <Fault text={problem?.message} />
    </>
  );
}
