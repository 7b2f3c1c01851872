// Runs the unit tests: bundles each test with what it imports, then hands the bundles to Node's own runner.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const unit = new URL("unit/", import.meta.url).pathname;
const out = new URL("../node_modules/.cache/unit/", import.meta.url).pathname;
const tests = readdirSync(unit).filter((name) => name.endsWith(".test.ts"));

await build({
  entryPoints: tests.map((name) => unit + name),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, ["--test", ...tests.map((name) => out + name.replace(/\.ts$/, ".mjs"))], { stdio: "inherit" });
process.exit(status ?? 1);
