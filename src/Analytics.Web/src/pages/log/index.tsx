import { useEffect, useMemo, useState } from "preact/hooks";
import { type Place, usePlace } from "../../address/place.ts";
import { hasShortcuts } from "../../frame/kept.ts";
import { isTaken } from "../../frame/keyboard.ts";
import { Log } from "../../live/log.ts";
import type { Line } from "../../live/tail.ts";
import { Filters } from "./Filters.tsx";
import { Foot } from "./Foot.tsx";
import { Lines } from "./Lines.tsx";
import { questionOf } from "./question.ts";
import { Record } from "./Record.tsx";
import { Saved } from "./Saved.tsx";
import { Status } from "./Status.tsx";

/** The event log: what is asked of it, searched back as far as the reader wants, and every new record as it is committed. */
export default function LogPage() {
  const place = usePlace();
  return place && <Searched place={place} />;
}

function Searched({ place }: { place: Place }) {
  const log = useLog(place);
  const [isPaused, setPaused] = useState(false);
  const [opened, setOpened] = useState<Line | null>(null);
  // Another question goes with the newest.
  useEffect(() => setPaused(false), [log]);
  const pause = () => {
    if (!log?.tail) return;
    if (isPaused) log.follow();
    else log.stand();
    setPaused(!isPaused);
  };
  useSpace(pause);
  return (
    <section class="panel tail-panel" aria-label="Event log">
      <div class="tail-head">
        <Filters place={place} saved={<Saved key={place.workspace.id} place={place} />} />
        {log && <Status log={log} place={place} isPaused={isPaused} onPause={pause} />}
      </div>
      {log && (
        <Lines
          log={log}
          place={place}
          isPaused={isPaused}
          onOpen={setOpened}
          onFollow={() => setPaused(false)}
          foot={<Foot log={log} place={place} />}
        />
      )}
      {opened && <Record line={opened} place={place} onClose={() => setOpened(null)} />}
    </section>
  );
}

/** The log that the address asks for; the clock's next minute makes it no other one. */
function useLog(place: Place): Log | null {
  const [log, setLog] = useState<Log | null>(null);
  const asked = `${place.workspace.id}?${place.params}`;
  const question = useMemo(() => questionOf(place), [asked]);
  useEffect(() => {
    const made = new Log(question);
    setLog(made);
    return () => made.close();
  }, [question]);
  return log;
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
