// What can go wrong on the way to the server, as one type with a code to branch on.

/** A failed request: the server's problem document, or a network that did not carry it. */
export class Problem extends Error {
  constructor(
    /** The server's stable word; `offline` when no answer came at all. */
    readonly code: string,
    detail: string,
    /** HTTP status, 0 when no answer came. */
    readonly status = 0,
    /** How long the server asks us to wait, in milliseconds. */
    readonly wait: number | undefined = undefined,
    /** The conversation that goes on where this one has ended. */
    readonly successor: string | undefined = undefined,
  ) {
    super(detail);
  }

  /** May the same request succeed later, unchanged? */
  get passing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** Is the conversation out of reach for whoever is asking now? */
  get lost(): boolean {
    return this.status === 404 || this.status === 410 || this.code === "identity_mismatch";
  }

  /** Reads the problem document of an answer that is not a success. */
  static async of(response: Response): Promise<Problem> {
    const body: { code?: unknown; detail?: unknown; successor?: unknown } = await response.json().catch(() => ({}));
    const seconds = Number(response.headers.get("retry-after"));
    const wait = seconds > 0 ? Math.min(seconds, 60) * 1000 : undefined;
    const code = typeof body.code === "string" ? body.code : `http_${response.status}`;
    const detail = typeof body.detail === "string" ? body.detail : response.statusText;
    return new Problem(code, detail, response.status, wait, typeof body.successor === "string" ? body.successor : undefined);
  }

  /** Whatever was thrown, as a problem. */
  static from(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem("offline", String(error));
  }
}
