import type { Place } from "../../address/place.ts";
import { byPatch, type Group, type GroupSlug, groups, groupsOf } from "./groups.ts";

/** By what rows are told apart: one thing, or two together. */
export function GroupChoice({ place }: { place: Place }) {
  const [first, second] = groupsOf(place.params) as [Group, Group?];
  const choose = (one: string, other: string) =>
    place.set(byPatch([one, other].filter((slug, at, all) => slug !== "" && all.indexOf(slug) === at) as GroupSlug[]));
  return (
    <>
      <select
        aria-label="By"
        value={first.slug}
        onChange={(event) => choose(event.currentTarget.value, second?.slug ?? "")}
      >
        {groups.map((group) => (
          <option key={group.slug} value={group.slug}>
            By {group.name.toLowerCase()}
          </option>
        ))}
      </select>
      <select
        aria-label="And by"
        value={second?.slug ?? ""}
        onChange={(event) => choose(first.slug, event.currentTarget.value)}
      >
        <option value="">and nothing else</option>
        {groups
          .filter((group) => group !== first)
          .map((group) => (
            <option key={group.slug} value={group.slug}>
              and by {group.name.toLowerCase()}
            </option>
          ))}
      </select>
    </>
  );
}
