// The page against a running service, built anew at every change: `npm run dev -- --api http://localhost:8080 --port 5173`.
// Everything that is not under /ui/ goes on to the service.

import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join } from "node:path";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";
import { options } from "./bundle.mjs";

const { values } = parseArgs({
  options: { api: { type: "string", default: "http://localhost:8080" }, port: { type: "string", default: "5173" } },
});
const api = new URL(values.api);
const out = "obj/dev";
const types = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
  ".map": "application/json",
};

const context = await esbuild.context({
  ...options,
  outdir: out,
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  minify: false,
  sourcemap: true,
});
await context.watch();

const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'self'; " +
  "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

async function page(response) {
  const shell = (await readFile("index.html", "utf8")).replace(
    "</head>",
    '<link rel="icon" href="icon.svg"><link rel="stylesheet" href="main.css"><script type="module" src="main.js"></script></head>',
  );
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": csp,
  });
  response.end(shell);
}

function forward(incoming, response) {
  const onward = request(
    { host: api.hostname, port: api.port, path: incoming.url, method: incoming.method, headers: incoming.headers },
    (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on("error", () => response.writeHead(502).end());
  response.on("close", () => onward.destroy());
  incoming.pipe(onward);
}

createServer(async (incoming, response) => {
  const path = new URL(incoming.url, "http://local").pathname;
  if (!path.startsWith("/ui/")) return forward(incoming, response);
  if (!extname(path)) return page(response);
  try {
    const file = await readFile(join(out, path.slice(4)));
    response
      .writeHead(200, {
        "Content-Type": types[extname(path)] ?? "application/octet-stream",
        "Cache-Control": "no-store",
      })
      .end(file);
  } catch {
    response.writeHead(404).end();
  }
}).listen(Number(values.port), "127.0.0.1", () =>
  console.log(`http://localhost:${values.port}/ui/ in front of ${api.href}`),
);
