import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { get } from "../../api/call.ts";
import { Log } from "../../live/log.ts";
import { Row } from "../log/Row.tsx";

/** Lines of the strip. */
const most = 5;

/** The last lines of the event log, live; they lead to the log. */
export function Recent({ place }: { place: Place }) {
  const [log, setLog] = useState<Log | null>(null);
  const { id } = place.workspace;
  useEffect(() => {
    const made = new Log({
      call: get("/api/v1/events", { query: { tenantId: id, limit: most } }),
      stream: `api/v1/events/stream?tenantId=${id}`,
      isWanted: () => true,
    });
    setLog(made);
    return () => made.close();
  }, [id]);
  // Reading it is following it.
  void log?.frame.value;
  const lines = log?.lines.slice(0, most) ?? [];
  return (
    <section class="panel" aria-labelledby="recent">
      <header class="panel-head">
        <h2 id="recent">Just now</h2>
        <Link href={place.href("log")}>Log</Link>
      </header>
      {lines.length === 0 ? (
        <p class="all-well">What happens from now on appears here.</p>
      ) : (
        <ol class="recent">
          {lines.map((line) => (
            <Row
              key={line.record.eventId}
              line={line}
              zone={place.zone}
              today={place.today}
              money={{ currency: place.workspace.currency }}
              onOpen={() => place.go("log")}
            />
          ))}
        </ol>
      )}
    </section>
  );
}
