// Lines as they stand on the screen: what one person says in a row stands together.

import type { Line } from "../wire/types.ts";

export interface Group {
  key: string;
  kind: "words" | "note" | "event";
  first: Line;
  lines: Line[];
}

const TOGETHER = 3 * 60_000;

function kindOf(line: Line): Group["kind"] {
  if (line.kind === "note") return "note";
  return line.kind === "message" || line.kind === "part" || line.kind === "question" || line.kind === "file" ? "words" : "event";
}

/** Does a state only repeat what the handoff just before it said? */
function follows(before: Line | undefined, line: Line): boolean {
  return line.kind === "state" && before?.kind === "handoff";
}

export function fold(lines: Line[]): Group[] {
  const groups: Group[] = [];
  for (const [n, line] of lines.entries()) {
    if (follows(lines[n - 1], line)) continue;
    const kind = kindOf(line);
    const last = groups.at(-1);
    const before = last?.lines.at(-1);
    const joins =
      last && before && kind === "words" && last.kind === "words" && before.who === line.who && before.staff?.id === line.staff?.id &&
      (before.turn ?? line.turn) === line.turn && Date.parse(line.at) - Date.parse(before.at) < TOGETHER;
    if (joins) last.lines.push(line);
    else groups.push({ key: `${line.seq}-${line.kind}-${n}`, kind, first: line, lines: [line] });
  }
  return groups;
}
