import type { paths } from "../../obj/api.d.ts";

type Json<T> = T extends { responses: { 200: { content: { "application/json": infer R } } } } ? R : never;

/** The routes of the API's document that answer JSON to a GET. */
export type Route = {
  [P in keyof paths]: paths[P] extends { get: infer G } ? ([Json<G>] extends [never] ? never : P) : never;
}[keyof paths];

/** What a route answers. */
export type Answer<P extends Route> = paths[P] extends { get: infer G } ? Json<G> : never;

/** The query parameters of a route. */
export type QueryOf<P extends Route> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : Record<never, never>;
type PathIn<O> = O extends { parameters: { path: infer A } } ? { at: A } : { at?: undefined };
type PathOf<P extends Route> = paths[P] extends { get: infer G } ? PathIn<G> : never;

/** The routes that answer JSON to a POST. */
export type PostRoute = {
  [P in keyof paths]: [Json<PostOf<P>>] extends [never] ? never : P;
}[keyof paths];

type PostOf<P extends keyof paths> = paths[P] extends { post: infer O } ? O : never;
/** What is sent to a route. */
export type PostBody<P extends PostRoute> =
  PostOf<P> extends {
    requestBody?: { content: { "application/json": infer B } };
  }
    ? Extract<B, object>
    : never;

/** What such a route answers. */
export type PostedAnswer<P extends PostRoute> = Json<PostOf<P>>;

type Words = string | number | boolean | null | undefined;

/** One documented question to the API: what a panel shows, and what its menu copies as curl. */
export interface Call<R> {
  /** The route's name in the API's document. */
  readonly route: string;
  /** Path and query, from the service's root on, without a leading slash. */
  readonly address: string;
  /** What is sent along; the question is a POST then, and its answer is kept nowhere. */
  readonly body?: object;
  /** Only there to carry the type of the answer. */
  readonly answers?: R;
}

/** A call of a route. */
export function get<P extends Route>(
  route: P,
  asked: { query?: { [K in keyof QueryOf<P>]?: QueryOf<P>[K] | null | false } } & PathOf<P>,
): Call<Answer<P>> {
  return {
    route: String(route),
    address: addressOf(pathOf(String(route), asked.at as object | undefined), asked.query as Asked | undefined),
  };
}

type Asked = Record<string, Words | Words[]>;

/** A path with its parameters; those that are null, undefined or false are left out, lists are repeated. */
export function addressOf(path: string, asked: Asked = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== null && each !== undefined && each !== false) query.append(name, String(each));
  const text = query.toString();
  return path + (text ? `?${text}` : "");
}

/** Asks for what a body says. */
export function post<P extends PostRoute>(
  route: P,
  asked: { query?: Record<string, string>; body: PostBody<P> } & PathIn<PostOf<P>>,
): Call<PostedAnswer<P>> {
  const text = new URLSearchParams(asked.query).toString();
  return {
    route: String(route),
    address: pathOf(String(route), asked.at as object | undefined) + (text ? `?${text}` : ""),
    body: asked.body,
  };
}

const pathOf = (route: string, at: object | undefined) =>
  route
    .slice(1)
    .replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String((at as Record<string, Words>)[name])));

/** The same call with further parameters: names that the types do not know, like `metadata[plan]`. */
export function withQuery<R>(call: Call<R>, more: [string, string][]): Call<R> {
  if (more.length === 0) return call;
  const text = new URLSearchParams(more).toString();
  return { ...call, address: call.address + (call.address.includes("?") ? "&" : "?") + text };
}

/** The service's root: the page lies at `ui/` below it, wherever a proxy has put both. */
export const root = new URL("..", document.baseURI);

/** The whole address of a call. */
export function urlOf(call: Call<unknown>): string {
  return new URL(call.address, root).href;
}

/** The same answer as CSV. */
export function csvOf(call: Call<unknown>): string {
  return urlOf(withQuery(call, [["format", "csv"]]));
}

// In single quotes a shell takes everything as it stands, but a quote.
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The call as a command; the key stands in `$ANALYTICS_KEY`. */
export function curlOf(call: Call<unknown>): string {
  const sent = call.body ? ` -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(call.body))}` : "";
  return `curl -H "Authorization: Bearer $ANALYTICS_KEY"${sent} ${quoted(urlOf(call))}`;
}
