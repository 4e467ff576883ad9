import { instantText } from "../time/labels.ts";
import type { Answered } from "./answer.ts";

/** Says how far back an answer goes that had not the time for all. */
export function Scanned({ answer, zone }: { answer: Answered; zone: string }) {
  if (!answer.partial) return null;
  return (
    <p class="finding" role="status">
      <strong>Not all of it:</strong>{" "}
      {answer.scannedFrom
        ? `time ran out. Everything from ${instantText(answer.scannedFrom, zone)} on is counted, nothing before.`
        : "time ran out before everything was counted."}
    </p>
  );
}
