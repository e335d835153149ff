// Builds what the browser loads: GraphiQL and the maps as bundles, the design system as plain copies.
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "../../../../node_modules");
const target = join(here, "../static/vendor");

async function buildGraphiQL() {
  const common = {
    bundle: true,
    minify: true,
    legalComments: "linked",
    target: ["es2022"],
    outdir: join(target, "graphiql"),
    define: { "process.env.NODE_ENV": '"production"' },
    loader: { ".ttf": "file" },
    logLevel: "warning",
    // monaco-editor imports its styles from JavaScript; esbuild collects them in graphiql.css
    assetNames: "[name]",
  };
  await build({ ...common, format: "esm", jsx: "automatic", entryPoints: { graphiql: join(here, "graphiql.jsx") } });
  await build({
    ...common,
    format: "iife",
    entryPoints: {
      "editor.worker": join(modules, "monaco-editor/esm/vs/editor/editor.worker.js"),
      "json.worker": join(modules, "monaco-editor/esm/vs/language/json/json.worker.js"),
      "graphql.worker": join(modules, "monaco-graphql/esm/graphql.worker.js"),
    },
  });
}

async function buildMaps() {
  const maplibre = join(modules, "maplibre-gl");
  const { version } = JSON.parse(await readFile(join(maplibre, "package.json"), "utf8"));
  await build({
    bundle: true,
    minify: true,
    legalComments: "linked",
    target: ["es2022"],
    format: "esm",
    splitting: true, // a page with a map and an editor loads MapLibre once
    outdir: join(target, "map"),
    define: { MAPLIBRE_VERSION: JSON.stringify(version) },
    logLevel: "warning",
    entryPoints: [
      { in: join(here, "map.js"), out: "map" },
      { in: join(here, "draw.js"), out: "draw" },
      { in: join(here, "map.css"), out: "map" },
    ],
  });
  await cp(join(maplibre, "dist/maplibre-gl-worker.mjs"), join(target, "map/worker.js"));
}

async function buildCharts() {
  await build({
    bundle: true,
    minify: true,
    legalComments: "linked",
    target: ["es2022"],
    format: "esm",
    splitting: true,
    outdir: join(target, "chart"),
    logLevel: "warning",
    entryPoints: [
      { in: join(here, "chart.js"), out: "chart" },
      { in: join(here, "live.js"), out: "live" },
      { in: join(here, "chart.css"), out: "chart" },
      { in: join(here, "live.css"), out: "live" },
    ],
  });
}

async function buildConsole() {
  await build({
    bundle: true,
    minify: true,
    legalComments: "linked",
    target: ["es2022"],
    format: "iife",
    outdir: join(target, "console"),
    entryPoints: { console: join(here, "console.js") },
    logLevel: "warning",
  });
}

async function copyDesignSystem() {
  const source = join(modules, "@kern-ux/native");
  const kern = join(target, "kern");
  await mkdir(join(kern, "fonts/fira-sans"), { recursive: true });
  for (const file of ["dist/kern.min.css", "LICENSE.md"]) await cp(join(source, file), join(kern, file.replace("dist/", "")));
  await cp(join(source, "dist/fonts/fira-sans.css"), join(kern, "fonts/fira-sans.css"));
  // The five weights that the style sheet names, upright and italic; the package carries 32 files.
  for (const weight of ["Light", "Regular", "Medium", "SemiBold", "Bold"]) {
    for (const style of ["", "Italic"]) {
      const name = `FiraSans-${weight}${style}.woff2`.replace("RegularItalic", "Italic");
      await cp(join(source, "dist/fonts/fira-sans", name), join(kern, "fonts/fira-sans", name));
    }
  }
}

await rm(target, { recursive: true, force: true });
await Promise.all([buildGraphiQL(), buildConsole(), buildCharts(), buildMaps(), copyDesignSystem()]);
