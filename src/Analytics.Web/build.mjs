// Builds the page into dist/: files with a hash in their names, packed as .br and .gz beside them, the shell, the licences, and
// manifest.json, which names what there is. Run by Web.targets; by hand: npm run build.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { excesses, sizesOf } from "./budgets.mjs";
import { options } from "./bundle.mjs";
import { licensesOf } from "./licenses.mjs";

// Where most visits begin: its script is fetched together with the main one instead of after it.
const firstPage = "src/pages/overview/index.tsx";

process.chdir(fileURLToPath(new URL(".", import.meta.url)));

const built = await esbuild
  .build({
    ...options,
    outdir: "dist",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    minify: true,
    legalComments: "none",
    metafile: true,
    write: false,
    logLevel: "warning",
  })
  .catch(() => process.exit(1)); // It has said why.

const outputs = Object.entries(built.metafile.outputs).map(([path, output]) => ({ ...output, name: basename(path) }));
const outputOf = (entry) =>
  outputs.find((output) => output.entryPoint === entry) ?? fail(`Nothing was built of ${entry}.`);
const main = outputOf(options.entryPoints.main);
const files = built.outputFiles.map((file) => ({ name: basename(file.path), bytes: file.contents }));
const style = files.filter((file) => file.name.endsWith(".css")).map((file) => file.name);
if (style.length !== 1)
  fail(
    `There are ${style.length} style sheets (${style.join(", ")}), and only the main one is loaded: import styles from src/style/index.css.`,
  );

const firstLoad = [...new Set([...closureOf(main.name), ...closureOf(outputOf(firstPage).name)])];
const pages = outputs
  .filter((output) => /^src\/pages\/[^/]+\/index\.tsx$/.test(output.entryPoint))
  .map((output) => closureOf(output.name));
const sizes = sizesOf(
  files,
  pages.map((page) => [...new Set([...closureOf(main.name), ...page])]),
  pages.map((page) => page.filter((name) => !firstLoad.includes(name))),
);
const over = excesses(sizes);
if (over.length > 0) fail(`The page has grown too large: ${over.join("; ")}.`);

write();
console.log(
  `The page: ${(sizes.firstLoad / 1000).toFixed(1)} kB of script to start with, ${(sizes.allScript / 1000).toFixed(1)} in all, ${(sizes.style / 1000).toFixed(1)} of style (gzipped)`,
);

/** A script with all that it imports before it can start. */
function closureOf(name, found = []) {
  if (found.includes(name)) return found;
  found.push(name);
  for (const each of outputs.find((output) => output.name === name).imports)
    if (each.kind === "import-statement") closureOf(basename(each.path), found);
  return found;
}

function shell() {
  const icon = files.find((file) => file.name.startsWith("icon-")).name;
  const links = [
    `<link rel="icon" type="image/svg+xml" href="${icon}">`,
    `<link rel="stylesheet" href="${style[0]}">`,
    `<script type="module" src="${main.name}"></script>`,
    ...firstLoad.filter((name) => name !== main.name).map((name) => `<link rel="modulepreload" href="${name}">`),
  ];
  return readFileSync("index.html", "utf8").replace(
    /^(\s*)<\/head>/m,
    (end, indent) => links.map((link) => `${indent}  ${link}\n`).join("") + end,
  );
}

// Beside dist/ first, then in its place: whoever reads meanwhile finds the old one or the new one.
function write() {
  const made = `obj/dist-${process.pid}`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  const put = (name, bytes) => writeFileSync(join(made, name), bytes);
  files.push({ name: "licenses.txt", bytes: Buffer.from(licensesOf(Object.keys(built.metafile.inputs))) });
  for (const { name, bytes } of files) {
    put(name, bytes);
    if (name.endsWith(".woff2")) continue;
    put(`${name}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
    put(`${name}.gz`, gzipSync(bytes, { level: 9 }));
  }
  put("index.html", shell());
  put(
    "manifest.json",
    `${JSON.stringify({ shell: "index.html", files: files.map((file) => file.name).sort(), sizes }, null, 2)}\n`,
  );
  rmSync("dist", { recursive: true, force: true });
  renameSync(made, "dist");
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
