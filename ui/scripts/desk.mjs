// Builds dist/desk/: the staff interface in Svelte, its worker, its fonts and its page.
import { build } from "esbuild";
import sveltePlugin from "esbuild-svelte";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

const src = new URL("../src/desk/", import.meta.url);

/** What may load before the desk is there, in bytes after gzip, fonts apart. */
const BUDGET = { "desk script": 120 * 1024, "desk styles": 20 * 1024 };
/** Where the server hands out what is below `assets/`. */
const ADDRESS = "/desk/assets";

const shared = {
  bundle: true,
  minify: true,
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none",
  write: false,
  outdir: "/",
  loader: { ".woff2": "file", ".svg": "file" },
  assetNames: "[name]",
  publicPath: ADDRESS,
};

/** One entry with everything it imports: its script, its styles and the files these name. */
async function bundle(entry, options = {}) {
  const result = await build({
    ...shared,
    entryPoints: [new URL(entry, src).pathname],
    plugins: [
      sveltePlugin({
        compilerOptions: { css: "external", modernAst: true },
        filterWarnings: (warning) => {
          throw new Error(`${warning.filename}:${warning.start?.line}: ${warning.message}`);
        },
      }),
    ],
    ...options,
  });
  return new Map(result.outputFiles.map((file) => [basename(file.path), file.contents]));
}

/** Writes dist/desk/ and says how large it is. */
export async function buildDesk(out) {
  const assets = new Map();
  /** Under a name that changes with the content. */
  const add = (name, contents) => {
    const [stem, kind] = name.split(/\.(?=[^.]+$)/);
    const hashed = `${stem}.${createHash("sha256").update(contents).digest("hex").slice(0, 10)}.${kind}`;
    assets.set(hashed, contents);
    return `${ADDRESS}/${hashed}`;
  };
  /** The entry's script and styles, with the files they name under their hashed names. */
  const entry = async (path, options) => {
    const files = await bundle(path, options);
    const name = basename(path).replace(/\.ts$/, "");
    const renamed = [...files].filter(([file]) => !/\.(js|css)$/.test(file)).map(([file, contents]) => [`${ADDRESS}/${file}`, add(file, contents)]);
    const text = (file) => renamed.reduce((all, [from, to]) => all.replaceAll(from, to), new TextDecoder().decode(files.get(file)));
    return {
      script: add(`${name}.js`, Buffer.from(text(`${name}.js`))),
      styles: files.has(`${name}.css`) ? add(`${name}.css`, Buffer.from(text(`${name}.css`))) : "",
    };
  };

  const worker = await entry("wire/worker.ts", { format: "iife" });
  const theme = await entry("theme.ts", { format: "iife" });
  const desk = await entry("desk.ts", { format: "esm", conditions: ["svelte", "browser"], define: { LIVE_WORKER: JSON.stringify(worker.script) } });
  const icon = add("jack.svg", await readFile(new URL("jack.svg", src)));

  const names = { "{{SCRIPT}}": desk.script, "{{STYLES}}": desk.styles, "{{THEME}}": theme.script, "{{ICON}}": icon };
  const shell = Object.entries(names).reduce((text, [mark, name]) => text.replaceAll(mark, name), await readFile(new URL("index.html", src), "utf8"));

  const weigh = (what, address) => {
    const size = gzipSync(assets.get(basename(address)), { level: 9 }).length;
    console.log(`${what.padEnd(12)} ${String(size).padStart(6)} bytes gzip${BUDGET[what] ? ` of ${BUDGET[what]}` : ""}`);
    if (size > (BUDGET[what] ?? Infinity)) throw new Error(`the ${what} is ${size - BUDGET[what]} bytes over its budget`);
  };
  weigh("desk script", desk.script);
  weigh("desk styles", desk.styles);
  weigh("desk worker", worker.script);

  await rm(new URL("desk/", out), { recursive: true, force: true });
  await mkdir(new URL("desk/assets/", out), { recursive: true });
  for (const [name, contents] of assets) {
    await writeFile(new URL(`desk/assets/${name}`, out), contents);
    if (/\.(js|css)$/.test(name)) await writeFile(new URL(`desk/assets/${name}.gz`, out), gzipSync(contents, { level: 9 }));
  }
  await writeFile(new URL("desk/index.html", out), shell);
}

// By itself: the desk alone, for whoever works on it.
if (process.argv[1] === new URL(import.meta.url).pathname) await buildDesk(new URL("../dist/", import.meta.url));
