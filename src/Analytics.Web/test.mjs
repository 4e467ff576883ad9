// The unit tests: bundled as the page is, run by Node's own runner. `npm test`, or `node test.mjs period` for the files with that in their names.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import * as esbuild from "esbuild";
import { options } from "./bundle.mjs";

const wanted = process.argv[2] ?? "";
const tests = readdirSync("tests", { recursive: true })
  .map(String)
  .filter((name) => /\.test\.tsx?$/.test(name) && name.includes(wanted));
const outdir = "obj/tests";
rmSync(outdir, { recursive: true, force: true });
await esbuild.build({
  ...options,
  entryPoints: tests.map((name) => `tests/${name}`),
  outdir,
  outbase: "tests",
  outExtension: { ".js": ".mjs" },
  platform: "node",
  target: "node18",
  packages: "external",
  sourcemap: "inline",
  // What a module of the page looks at when it is loaded.
  banner: {
    js: `globalThis.document ??= Object.assign(new EventTarget(), { baseURI: "http://localhost:8080/ui/", querySelector: () => null });`,
  },
  logLevel: "warning",
});
const built = tests.map((name) => `${outdir}/${name.replace(/\.tsx?$/, ".mjs")}`);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", "--test-reporter=tap", ...built], {
  stdio: "inherit",
});
process.exit(status ?? 1);
