import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Call, withQuery } from "../api/call.ts";
import { ask } from "../api/fetch.ts";
import type { Problem } from "../api/problem.ts";

interface Meta {
  meta: { next_cursor?: string | null; nextCursor?: string | null };
}

/** A page of a list, as list routes answer it; that of customers' usage calls its rows by what they are. */
export type PageOf<T> = Meta & ({ data: T[] } | { customers: T[] });

const rowsOf = <T,>(page: PageOf<T>): T[] => ("data" in page ? page.data : page.customers);

interface Props<T> {
  call: Call<PageOf<T>>;
  /** The first page, which the panel has. */
  first: PageOf<T>;
  children: (rows: T[]) => ComponentChildren;
  /** Beside the button: how far the list has got. */
  note?: (last: PageOf<T>) => ComponentChildren;
}

const cursorOf = (page: Meta) => page.meta.next_cursor ?? page.meta.nextCursor ?? null;

/** A list that goes on by its cursor when the reader wants more. */
export function More<T>({ call, first, children, note }: Props<T>) {
  const [further, setFurther] = useState<PageOf<T>[]>([]);
  const [state, setState] = useState<"idle" | "busy" | Problem>("idle");

  useEffect(() => {
    setFurther([]);
    setState("idle");
  }, [first]);
  const last = further.at(-1) ?? first;
  const cursor = cursorOf(last);
  const more = async () => {
    setState("busy");
    try {
      const next = await ask(withQuery(call, [["cursor", cursor as string]]));
      setFurther((pages) => [...pages, next]);
      setState("idle");
    } catch (problem) {
      setState(problem as Problem);
    }
  };
  return (
    <>
      {children([first, ...further].flatMap(rowsOf))}
      <div class="more">
        {cursor && (
          <button type="button" disabled={state === "busy"} onClick={more}>
            More
          </button>
        )}
        {note?.(last)}
        {state instanceof Error && <span class="fault">{state.message}</span>}
      </div>
    </>
  );
}
