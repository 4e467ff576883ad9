import { Legend } from "../../charts/Legend.tsx";
import { fewestFor, type ShareStep } from "./shareSteps.ts";

const lines = [
  { key: "requests", label: "Requests" },
  { key: "costs", label: "Costs, in the same order" },
];

const path = (steps: readonly ShareStep[], pick: (step: ShareStep) => number) =>
  `M0,100${steps.map((step, at) => `L${(((at + 1) / steps.length) * 100).toFixed(2)},${(100 - pick(step)).toFixed(2)}`).join("")}`;

/** What the curve says: how few callers make half of all requests, and most of them. */
export function sentence(steps: readonly ShareStep[]): string {
  const [half, most] = [fewestFor(50, steps), fewestFor(80, steps)];
  if (half === null) return `The ${steps.length} biggest callers make less than half of all requests.`;
  const begin = `${half} of ${steps.length} callers ${half === 1 ? "makes" : "make"} half of all requests`;
  return most === null ? `${begin}.` : `${begin}, ${most} ${most === 1 ? "makes" : "make"} 80 %.`;
}

/** Shares of requests and of costs, added up from the biggest customer on: the steeper, the fewer make most of it. */
export function ShareCurve({ steps }: { steps: ShareStep[] }) {
  return (
    <figure class="shares">
      <figcaption>{sentence(steps)}</figcaption>
      <Legend series={lines} />
      <div class="shares-plot">
        {[0, 25, 50, 75, 100].map((percent) => (
          <span key={percent} class="shares-tick" style={{ bottom: `${percent}%` }}>
            {percent} %
          </span>
        ))}
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={sentence(steps)}>
          {[0, 25, 50, 75, 100].map((y) => (
            <path key={y} class="shares-line" d={`M0,${y}H100`} />
          ))}
          <path class="shares-costs" d={path(steps, (step) => step.costs)} />
          <path class="shares-requests" d={path(steps, (step) => step.requests)} />
          {steps.map((step, at) => (
            <rect
              key={step.customer}
              class="shares-step"
              x={(at / steps.length) * 100}
              y="0"
              width={100 / steps.length}
              height="100"
            >
              <title>{`With ${step.customer}: ${step.requests} % of requests, ${step.costs} % of costs`}</title>
            </rect>
          ))}
        </svg>
      </div>
      <p class="shares-axis">
        <span>{steps[0]?.customer}</span>
        <span>{steps.length > 1 && steps.at(-1)?.customer}</span>
      </p>
    </figure>
  );
}
