interface Usage {
  customerId: string;
  cumulativeSharePercent: number;
  costSharePercent: number;
}

/** How much a customer and all bigger ones are, in percent. */
export interface ShareStep {
  customer: string;
  requests: number;
  costs: number;
}

/** Shares added up, from the biggest customer on: those of requests by the API, those of costs here, in the same order. */
export function shareSteps(usages: readonly Usage[]): ShareStep[] {
  let hundredths = 0;
  return usages.map((usage) => {
    // Shares have two places: whole numbers add up exactly.
    hundredths += Math.round(usage.costSharePercent * 100);
    return {
      customer: usage.customerId,
      requests: Number(usage.cumulativeSharePercent),
      costs: Math.min(100, hundredths / 100),
    };
  });
}

/** The fewest customers that make at least so many percent of all requests; null where those listed do not. */
export function fewestFor(percent: number, steps: readonly ShareStep[]): number | null {
  const at = steps.findIndex((step) => step.requests >= percent);
  return at < 0 ? null : at + 1;
}
