/** Filters that a reader gave a name: what they ask for, as the address has it. */
export interface SavedFilter {
  name: string;
  search: string;
}

/** What the browser kept; whatever else stands there is nothing. */
export function readSaved(text: string | null): SavedFilter[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter(isSaved).map(({ name, search }) => ({ name, search })) : [];
  } catch {
    return [];
  }
}

const isSaved = (each: unknown): each is SavedFilter =>
  typeof each === "object" &&
  each !== null &&
  typeof (each as SavedFilter).name === "string" &&
  typeof (each as SavedFilter).search === "string";

const sorted = (list: SavedFilter[]) => [...list].sort((one, other) => one.name.localeCompare(other.name, "en"));

/** With one more; one of the same name is replaced. */
export const withSaved = (list: SavedFilter[], filter: SavedFilter) =>
  sorted([...list.filter(({ name }) => name !== filter.name), filter]);

export const withoutSaved = (list: SavedFilter[], name: string) => list.filter((each) => each.name !== name);

/** Under another name; one that has it already is replaced. */
export function renamed(list: SavedFilter[], from: string, to: string): SavedFilter[] {
  const found = list.find(({ name }) => name === from);
  return found ? withSaved(withoutSaved(list, from), { ...found, name: to }) : list;
}
