// A demo of a test's own, on a free port: for what a shared one cannot show.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const PROGRAM = process.env.PATCHBAY ?? new URL("../../../target/debug/patchbay", import.meta.url).pathname;

/** Starts a demo and waits until it is ready. */
export async function ownDemo(...options) {
  const child = spawn(PROGRAM, ["demo", "--no-browser", "--listen", "localhost:0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const told = [];
  const lines = createInterface({ input: child.stdout });
  await new Promise((ready, failed) => {
    lines.on("line", (line) => {
      told.push(line);
      if (line.startsWith("Stop:")) ready();
    });
    child.once("exit", (code) => failed(new Error(`the demo ended with ${code} before it was ready:\n${told.join("\n")}`)));
  });
  return {
    /** Everything it said. */
    told: told.join("\n"),
    /** The address in the line of this name. */
    address: (name) => new RegExp(`─ ${name} +(http\\S+)`).exec(told.join("\n"))?.[1],
    /** Ends it as Ctrl-C does; gives its exit code. */
    async stop() {
      if (child.exitCode !== null) return child.exitCode;
      const ended = once(child, "exit");
      child.kill("SIGINT");
      return (await ended)[0];
    },
  };
}
