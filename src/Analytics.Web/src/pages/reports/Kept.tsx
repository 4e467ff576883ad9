import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { Panel } from "../../panels/Panel.tsx";
import { useCall } from "../../panels/useCall.ts";
import { Run, RunTable } from "./One.tsx";
import { report, run } from "./panels.ts";

/** What a report came to when it was due. */
export function Kept({ place }: { place: Place }) {
  const { data } = useCall(report.call(place));
  return (
    <>
      <p class="way-back">
        <Link href={place.href(`reports/${place.rest[0]}`)}>{data?.name ?? "The report"}</Link>
      </p>
      <Panel row={run} height={280} table={(shown) => data && <RunTable {...shown} query={data.query} />}>
        {(shown) => data && <Run {...shown} query={data.query} />}
      </Panel>
    </>
  );
}
