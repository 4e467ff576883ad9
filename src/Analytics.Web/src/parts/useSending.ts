import { useState } from "preact/hooks";
import { Problem } from "../api/problem.ts";

interface Sending {
  isBusy: boolean;
  problem: Problem | null;
  /** Sends; gives whether it went well. */
  send: (what: () => Promise<unknown>) => Promise<boolean>;
}

/** What a form needs while it is sent: whether it is on its way, and what the service found wrong with it. */
export function useSending(): Sending {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const send = async (what: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(null);
    try {
      await what();
      return true;
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setProblem(failure);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, problem, send };
}

/** What is wrong with the whole: faults of the form's own fields stand beside these. */
export const faultOfAll = (problem: Problem | null, fields: string[]): string | null =>
  problem && !fields.some((field) => problem.faultOf(field)) ? problem.message : null;
