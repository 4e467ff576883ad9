import type { Place } from "../../address/place.ts";

/** What costs are told apart and filtered by: the API's name, what a reader calls it, and where no revenue is told apart. */
export const groups = [
  { slug: "customer", name: "Customer", hasRevenue: true },
  { slug: "product", name: "Product", hasRevenue: true },
  { slug: "category", name: "Category", hasRevenue: false },
  { slug: "vendor", name: "Vendor", hasRevenue: false },
  { slug: "model", name: "Model", hasRevenue: false },
  { slug: "subscription", name: "Subscription", hasRevenue: true },
] as const;

export type Group = (typeof groups)[number];
export type GroupSlug = Group["slug"];

const groupOf = (slug: string): Group | undefined => groups.find((group) => group.slug === slug);

/** What the address tells apart: one or two, customers where it says nothing. */
export function groupsOf(params: URLSearchParams): Group[] {
  const named = [...new Set(params.getAll("by"))].flatMap((slug) => groupOf(slug) ?? []);
  return named.length > 0 ? named.slice(0, 2) : [groups[0]];
}

/** The address of groups: the plain one is customers. */
export const byPatch = (slugs: readonly GroupSlug[]) => ({
  by: slugs.length === 1 && slugs[0] === groups[0].slug ? null : [...slugs],
});

/** Whether revenue is known of what is told apart and filtered. */
export const hasRevenue = ({ params }: Pick<Place, "params">): boolean =>
  groups.every((group) => group.hasRevenue || (!params.has(group.slug) && !groupsOf(params).includes(group)));

/** What a row is, group by group; null where it has none. */
export const partsOf = (value: unknown, of: readonly Group[]): (string | null)[] =>
  of.map(({ slug }) =>
    of.length === 1 ? (value as string | null) : ((value as Record<string, string | null>)[slug] ?? null),
  );

/** Going into a row: what it is becomes a filter, and the next group that is none tells it apart. */
export function intoRow(params: URLSearchParams, key: unknown) {
  const of = groupsOf(params);
  const chosen = partsOf(key, of).flatMap((part, place) => {
    const group = of[place];
    return part === null || !group ? [] : [[group.slug, [part]] as const];
  });
  const taken = new Set<string>([
    ...chosen.map(([slug]) => slug),
    ...groups.map((g) => g.slug).filter((g) => params.has(g)),
  ]);
  const next = groups.find((group) => !taken.has(group.slug)) ?? groups[0];
  return { ...Object.fromEntries(chosen), ...byPatch([next.slug]) };
}
