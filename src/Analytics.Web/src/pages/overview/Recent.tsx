import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Place } from "../../address/place.ts";
import { Tail } from "../../live/tail.ts";
import { Row } from "../log/Row.tsx";

/** Lines of the strip. */
const most = 5;

const everything = { q: null, category: null, severity: null, actor: null, target: null, correlation: null };

/** The last lines of the event log, live; they lead to the log. */
export function Recent({ place }: { place: Place }) {
  const [tail, setTail] = useState<Tail | null>(null);
  const { id } = place.workspace;
  useEffect(() => {
    const made = new Tail(`api/v1/events/stream?tenantId=${id}`, everything);
    setTail(made);
    return () => made.close();
  }, [id]);
  // Reading it is following it.
  void tail?.frame.value;
  const lines = tail?.lines.slice(-most).reverse() ?? [];
  return (
    <section class="panel is-half" aria-labelledby="recent">
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
              key={line.at}
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
