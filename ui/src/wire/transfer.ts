// Sending a file as a form. With the older kind of request, for only that says how far it has come.

import { Problem } from "./problem.ts";

export function transfer(url: string, headers: Record<string, string>, file: File, progress: (part: number) => void, signal: AbortSignal): Promise<Response> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    const lost = (): void => failed(new Problem("offline", "the file did not get there"));
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onerror = request.onabort = lost;
    request.onload = () => {
      const wait = request.getResponseHeader("retry-after");
      done(new Response(request.responseText, { status: request.status, headers: wait ? { "retry-after": wait } : {} }));
    };
    signal.addEventListener("abort", () => request.abort());
    if (signal.aborted) return lost();
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}
