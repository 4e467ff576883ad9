interface Caller {
  customer: string;
  count: number;
}

/** Whose these requests are: who has the most first, equal ones by name. */
export function countCallers(rows: readonly { customerId: string }[]): Caller[] {
  const counts = new Map<string, number>();
  for (const { customerId } of rows) counts.set(customerId, (counts.get(customerId) ?? 0) + 1);
  return [...counts]
    .map(([customer, count]) => ({ customer, count }))
    .sort((a, b) => b.count - a.count || (a.customer < b.customer ? -1 : 1));
}
