// Compiles the theme and copies the few third-party files that pages ask for to static/vendor/.
//
// Nothing else of node_modules/ is ever served: htmx is named here, icons are named here, fonts and
// images are those that the compiled style sheet names.

import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAsync, Logger } from "sass";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const uswds = join(root, "node_modules/@uswds/uswds");
const vendor = join(root, "parents_partners/static/vendor");

// The names are those of USWDS; `icon("…")` in templates/ui/icons.html draws them.
const icons = [
  "arrow_back",
  "check",
  "close",
  "info",
  "priority_high",
  "shield",
];

const { css } = await compileAsync(join(root, "assets/theme.scss"), {
  loadPaths: [join(uswds, "packages")],
  logger: Logger.silent,
  style: "compressed",
});

/** `fonts/…` and `img/…`, as the style sheet says, seen from vendor/theme.css. */
function filesNamedInTheme() {
  const addresses = [...css.matchAll(/url\(["']?([^"')]+)["']?\)/g)].map(([, address]) => address);
  const own = addresses.filter((address) => !address.startsWith("data:"));
  return [...new Set(own.map((address) => address.replace(/[?#].*$/, "")))];
}

async function copyFilesNamedInTheme() {
  for (const file of filesNamedInTheme()) {
    const target = join(vendor, file);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(uswds, "dist", file), target);
  }
}

/** One file with one `<symbol>` per icon, so that a page draws icons without a request for each. */
async function writeIcons() {
  const symbols = await Promise.all(
    icons.map(async (name) => {
      const svg = await readFile(join(uswds, "dist/img/usa-icons", `${name}.svg`), "utf8");
      const drawing = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      return `<symbol id="${name}" viewBox="0 0 24 24">${drawing}</symbol>`;
    }),
  );
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  await writeFile(join(vendor, "icons.svg"), sprite);
}

await rm(vendor, { recursive: true, force: true });
await mkdir(vendor, { recursive: true });
await writeFile(join(vendor, "theme.css"), css);
await copyFilesNamedInTheme();
await writeIcons();
await copyFile(join(root, "node_modules/htmx.org/dist/htmx.min.js"), join(vendor, "htmx.min.js"));
