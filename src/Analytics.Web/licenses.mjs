// The licences of what is bundled: they go out with it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of dist/licenses.txt, of the files that went into a bundle. */
export function licensesOf(inputs) {
  const packages = new Set(inputs.map(packageOf).filter(Boolean));
  return [...packages]
    .sort()
    .map(licenseOf)
    .join(`\n\n${"-".repeat(80)}\n\n`);
}

// The innermost node_modules/<name> or node_modules/@<scope>/<name> of a path.
function packageOf(path) {
  return path.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0];
}

function licenseOf(folder) {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = existsSync(folder) ? readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name)) : undefined;
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
  return `${about.name} ${about.version} (${about.license ?? "see its licence"})\n\n${text}`.trim();
}
