import { useEffect, useState } from "preact/hooks";
import { root } from "../api/call.ts";
import { isPassing } from "../api/client.ts";
import { Problem } from "../api/problem.ts";
import { useLater } from "../panels/Panel.tsx";
import { recall, session } from "../session/session.ts";

const pause = 1000;

const isReady = () =>
  fetch(new URL("health/ready", root)).then(
    (answer) => answer.ok,
    () => false,
  );

/** Asks who is signed in, again and again while the service starts or is away. */
export function useRecall(): Problem | null {
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let timer = 0;
    const tryIt = async () => {
      try {
        await recall();
        setProblem(null);
      } catch (failure) {
        const fault = failure instanceof Problem ? failure : Problem.away();
        setProblem(fault);
        if (!isPassing(fault)) return;
        const wait = async () => ((await isReady()) ? tryIt() : again());
        const again = () => {
          timer = window.setTimeout(wait, pause);
        };
        again();
      }
    };
    if (session.peek() === undefined) void tryIt();
    return () => clearTimeout(timer);
  }, []);
  return problem;
}

export function Starting({ problem }: { problem: Problem | null }) {
  const isLater = useLater(300);
  return (
    <main class="gate" aria-busy="true">
      {problem ? (
        <div class="gate-card">
          <h1>{problem.status === 503 ? "The service is starting" : problem.title}</h1>
          <p>{problem.status === 503 ? "This page goes on by itself." : problem.detail}</p>
        </div>
      ) : (
        isLater && <p class="muted">Loading</p>
      )}
    </main>
  );
}
