interface Body {
  title?: string;
  detail?: string;
  error?: string;
  request_id?: string;
  errors?: Fault[];
}

/** What is wrong with one part of a request: a JSON pointer into its body, or the name of a query parameter. */
export interface Fault {
  pointer: string;
  code: string;
  message: string;
}

/** An answer that is no success, as the API words it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string | null,
    readonly faults: Fault[],
    readonly requestId: string | null,
    /** Seconds until it is worth asking again. */
    readonly retryAfter: number | null,
  ) {
    super(detail ?? title);
  }

  /** What is said about one field of a form. */
  faultOf(name: string): string | null {
    return this.faults.find((fault) => fault.pointer === `/${name}` || fault.pointer === name)?.message ?? null;
  }

  static async of(response: Response): Promise<Problem> {
    const body: Body = await response.json().catch(() => ({}));
    const wait = Number(response.headers.get("Retry-After"));
    return new Problem(
      response.status,
      body.title ?? body.error ?? `The service answered ${response.status}.`,
      body.detail ?? null,
      body.errors ?? [],
      body.request_id ?? response.headers.get("X-Request-Id"),
      Number.isFinite(wait) && wait > 0 ? wait : null,
    );
  }

  /** The service did not answer at all. */
  static away(): Problem {
    return new Problem(0, "The service does not answer.", "Is it running, and is this browser online?", [], null, 3);
  }
}
