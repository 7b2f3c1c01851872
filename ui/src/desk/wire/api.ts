// Requests of the desk: same origin, the session's cookie, problems as one type.

import { Problem } from "../../wire/problem.ts";

/** A page that hangs is worse than one that says so. */
const PATIENCE = 20_000;

type Query = Record<string, string | number | null | undefined>;

async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        accept: "application/json",
        ...(method === "GET" ? {} : { "patchbay-desk": "1" }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch (error) {
    throw new Problem("offline", String(error));
  }
  if (response.ok) return response;
  const problem = await Problem.of(response);
  if (problem.status === 401) signedOut?.();
  throw problem;
}

/** Told once the session is over. */
let signedOut: (() => void) | undefined;
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** The path with what is set of the query. */
export function address(path: string, query: Query = {}): string {
  const set = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

export async function get<T>(path: string, query: Query = {}): Promise<T> {
  return (await ask("GET", address(path, query))).json() as Promise<T>;
}

export async function getText(path: string): Promise<string> {
  return (await ask("GET", path)).text();
}

export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  const response = await ask("POST", path, body);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Where everything about one conversation is. */
export function at(conversation: string, ...rest: string[]): string {
  return ["/v1/desk/conversations", conversation, ...rest].map((part, n) => (n ? encodeURIComponent(part) : part)).join("/");
}
