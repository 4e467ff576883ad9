import { fewestFor, type ShareStep } from "./shareSteps.ts";

const path = (steps: readonly ShareStep[], pick: (step: ShareStep) => number) =>
  `M0,100${steps.map((step, at) => `L${(((at + 1) / steps.length) * 100).toFixed(2)},${(100 - pick(step)).toFixed(2)}`).join("")}`;

const customersText = (count: number) => (count === 1 ? "1 customer makes" : `${count} customers make`);

/** What the curve says: how few customers make half of all requests, and most of them. */
export function sentence(steps: readonly ShareStep[]): string {
  const parts = [50, 80].flatMap((percent) => {
    const count = fewestFor(percent, steps);
    return count === null ? [] : [`${customersText(count)} ${percent} % of all requests`];
  });
  return parts.length > 0
    ? `Of ${steps.length}: ${parts.join(", ")}.`
    : `The ${steps.length} biggest customers make less than half of all requests.`;
}

/** Shares of requests and of costs, added up from the biggest customer on: the steeper, the fewer make most of it. */
export function ShareCurve({ steps }: { steps: ShareStep[] }) {
  return (
    <figure class="shares">
      <figcaption>{sentence(steps)}</figcaption>
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
      <p class="shares-legend">
        <span class="is-requests">Requests</span>
        <span class="is-costs">Costs, in the same order</span>
      </p>
    </figure>
  );
}
