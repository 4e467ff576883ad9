import type { Place } from "../../address/place.ts";
import type { Log } from "../../live/log.ts";
import { Failed, rangeText } from "../../panels/PanelStates.tsx";
import { instantText } from "../../time/labels.ts";

/** Below the lines: how far back was looked. */
export function Foot({ log, place }: { log: Log; place: Place }) {
  log.frame.value;
  const { search } = log;
  const reached = search.scannedTo && `Searched back to ${instantText(search.scannedTo, place.zone)}`;
  const again = { refetch: () => (search.isBegun ? search.more() : search.begin()) };
  if (search.problem) return <Failed query={again} problem={search.problem} />;
  if (log.isCut || log.older > 0) return null;
  if (search.isBusy)
    return (
      <p class="tail-reach" role="status">
        {reached ? `${reached}, going on` : "Searching"}
      </p>
    );
  if (!search.isBegun) return null;
  return (
    <p class="tail-reach" role="status">
      {reached ?? `That is all ${rangeText(place)}.`}
    </p>
  );
}
