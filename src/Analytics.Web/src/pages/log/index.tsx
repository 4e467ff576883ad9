import { useEffect, useState } from "preact/hooks";
import { type Place, usePlace } from "../../address/place.ts";
import { hasShortcuts } from "../../frame/kept.ts";
import { isTaken } from "../../frame/keyboard.ts";
import type { LogRecord } from "../../live/record.ts";
import { type Line, Tail } from "../../live/tail.ts";
import { Filters, filterOf } from "./Filters.tsx";
import { Lines } from "./Lines.tsx";
import { Record } from "./Record.tsx";
import { Status } from "./Status.tsx";

/** The event log, live: every record of the workspace as it is committed. */
export default function LogPage() {
  const place = usePlace();
  // Another workspace is another log.
  return place && <Live key={place.workspace.id} place={place} />;
}

const addressOf = (place: Place) => `api/v1/events/stream?tenantId=${place.workspace.id}`;

function Live({ place }: { place: Place }) {
  const filter = filterOf(place);
  const [tail, setTail] = useState<Tail | null>(null);
  const [isPaused, setPaused] = useState(false);
  const [opened, setOpened] = useState<(Line & { record: LogRecord }) | null>(null);
  useEffect(() => {
    const made = new Tail(addressOf(place), filter);
    setTail(made);
    return () => made.close();
  }, []);
  useEffect(() => tail?.find(filter));
  const pause = () => {
    if (isPaused) tail?.follow();
    else tail?.stand();
    setPaused(!isPaused);
  };
  useSpace(pause);
  if (!tail) return null;
  const open = (line: Line) => line.record && setOpened({ ...line, record: line.record });
  return (
    <section class="panel tail-panel" aria-label="Live log">
      <div class="tail-head">
        <Filters place={place} filter={filter} />
        <Status tail={tail} isPaused={isPaused} onPause={pause} />
      </div>
      <Lines tail={tail} place={place} isPaused={isPaused} onOpen={open} onFollow={() => setPaused(false)} />
      {opened && <Record line={opened} place={place} onClose={() => setOpened(null)} />}
    </section>
  );
}

/** The space bar pauses, where it does not press a button. */
function useSpace(pause: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== " " || !hasShortcuts.value || isTaken(event) || target.closest("button, a, summary")) return;
      event.preventDefault();
      pause();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [pause]);
}
