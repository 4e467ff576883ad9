import { signal } from "@preact/signals";
import { type Call, root, urlOf } from "./call.ts";
import { parseExact } from "./exact.ts";
import { Problem } from "./problem.ts";

/** Somebody was signed in, and the service no longer knows the session. */
export const isSessionOver = signal(false);

/** Which version of the service answered last; a page of another one says so. */
export const version = signal<string | null>(null);

async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...init });
  } catch (failure) {
    if (init.signal?.aborted) throw failure;
    throw Problem.away();
  }
  version.value = response.headers.get("X-Analytics-Version") ?? version.value;
  if (response.ok) return response;
  throw await Problem.of(response);
}

const over = (problem: unknown) => {
  if (problem instanceof Problem && problem.status === 401) isSessionOver.value = true;
  return problem;
};

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The tags of answers. */
const tags = new WeakMap<object, string>();

const asking = ({ body }: Call<unknown>): RequestInit =>
  body
    ? {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }
    : { headers: { Accept: "application/json" } };

/** Asks; the browser's own cache sends the `If-None-Match`. An answer with the tag of the last one is that one: it is not read again. */
export async function ask<R>(call: Call<R>, stop?: AbortSignal, last?: R): Promise<R> {
  try {
    const response = await send(urlOf(call), { ...asking(call), signal: stop ?? null });
    const tag = response.headers.get("ETag");
    if (tag !== null && isObject(last) && tags.get(last) === tag) {
      await response.body?.cancel();
      return last;
    }
    const answer = parseExact(await response.text()) as R;
    if (tag !== null && isObject(answer)) tags.set(answer, tag);
    return answer;
  } catch (problem) {
    throw over(problem);
  }
}

/** What a call answers, as it came: a file to save. */
export async function fileOf(call: Call<unknown>): Promise<Blob> {
  try {
    return await (await send(urlOf(call), asking(call))).blob();
  } catch (problem) {
    throw over(problem);
  }
}

/**
 * Changes something: `tell("PATCH", "api/event-types/…", {…})`; a body that is a string is JSON already. Gives the answer, undefined
 * where there is none.
 */
export async function tell<R = unknown>(
  method: "POST" | "PATCH" | "PUT" | "DELETE",
  address: string,
  body?: object | string,
): Promise<R> {
  try {
    const response = await send(new URL(address, root).href, {
      method,
      headers: { Accept: "application/json", ...(body ? { "Content-Type": "application/json" } : {}) },
      body: typeof body === "object" ? JSON.stringify(body) : (body ?? null),
    });
    const text = await response.text();
    return (text ? parseExact(text) : undefined) as R;
  } catch (problem) {
    // A key that is not taken at sign-in is no session that is over.
    throw address === "api/session" ? problem : over(problem);
  }
}
