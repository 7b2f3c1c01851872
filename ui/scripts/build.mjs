// Builds dist/: the widget's loader under a fixed name, its panel and languages under names that change with their content, and the desk.
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { buildDesk } from "./desk.mjs";

const out = new URL("../dist/", import.meta.url);
const src = new URL("../src/", import.meta.url);

/** What may load, in bytes after gzip. */
const BUDGET = { loader: 3 * 1024, panel: 45 * 1024 };

/** Style sheets are imported as text and handed to the browser as constructed sheets, which no content policy forbids. */
const styles = {
  name: "styles",
  setup(plugin) {
    plugin.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** One classic script: unlike modules, these load from another origin without asking for it. */
async function bundle(entry, define = {}) {
  const result = await build({
    entryPoints: [new URL(entry, src).pathname],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022"],
    charset: "utf8",
    legalComments: "none",
    define,
    plugins: [styles],
    write: false,
  });
  return result.outputFiles[0].contents;
}

async function writeHashed(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 10);
  const path = `widget/${name}.${hash}.js`;
  await writePacked(path, contents);
  return path;
}

/** The file, and beside it the same packed once and well, so that the server need not pack it each time. */
async function writePacked(path, contents) {
  await writeFile(new URL(path, out), contents);
  await writeFile(new URL(`${path}.gz`, out), gzipSync(contents, { level: 9 }));
}

function weigh(what, contents, budget) {
  const size = gzipSync(contents, { level: 9 }).length;
  console.log(`${what.padEnd(12)} ${String(size).padStart(6)} bytes gzip${budget ? ` of ${budget}` : ""}`);
  if (budget && size > budget) throw new Error(`the ${what} is ${size - budget} bytes over its budget`);
}

await buildDesk(out);

await rm(new URL("widget/", out), { recursive: true, force: true });
await mkdir(new URL("widget/", out), { recursive: true });

const panel = await bundle("panel/index.ts");
weigh("panel", panel, BUDGET.panel);
const files = { panel: await writeHashed("panel", panel) };

const languages = {};
for (const file of (await readdir(new URL("languages/", src))).sort()) {
  const name = file.replace(/\.ts$/, "");
  // English is part of the panel: it is what is shown where nothing better is known.
  if (name === "strings" || name === "en") continue;
  const contents = await bundle(`languages/${file}`);
  weigh(`language ${name}`, contents);
  languages[name] = await writeHashed(name, contents);
}

const loader = await bundle("loader/index.ts", { FILES: JSON.stringify({ ...files, languages }) });
weigh("loader", loader, BUDGET.loader);
await writePacked("widget.js", loader);
