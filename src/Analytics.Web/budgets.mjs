// What a visitor may have to wait for, in bytes after gzip. A build that is over it fails and says by how much.
import { gzipSync } from "node:zlib";

const kB = 1000;
const limits = {
  firstLoad: { most: 90 * kB, name: "the script to start with" },
  lazyPage: { most: 25 * kB, name: "the script that a page adds" },
  allScript: { most: 160 * kB, name: "all script" },
  style: { most: 12 * kB, name: "all style" },
  font: { most: 50 * kB, name: "a font" },
  file: { most: 60 * kB, name: "a file" },
};

export const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** The sizes by the names above: of files ({ name, bytes }), of lists of names to start with on each page, and of what each adds later. */
export function sizesOf(files, openings, additions) {
  const size = new Map(files.map((file) => [file.name, gzipped(file.bytes)]));
  const sum = (names) => names.reduce((total, name) => total + size.get(name), 0);
  const ending = (end) => [...size.keys()].filter((name) => name.endsWith(end));
  const most = (sizes) => Math.max(0, ...sizes);
  const fonts = ending(".woff2");
  return {
    firstLoad: most(openings.map(sum)),
    lazyPage: most(additions.map(sum)),
    allScript: sum(ending(".js")),
    style: sum(ending(".css")),
    font: most(fonts.map((name) => size.get(name))),
    file: most([...size].filter(([name]) => !fonts.includes(name)).map(([, bytes]) => bytes)),
  };
}

/** What is over its budget, a line each. */
export const excesses = (sizes) =>
  Object.entries(limits)
    .filter(([name, limit]) => sizes[name] > limit.most)
    .map(
      ([name, limit]) =>
        `${limit.name} has ${sizes[name]} bytes gzipped, ${sizes[name] - limit.most} more than its budget`,
    );
