// node build.mjs OUTDIR   bundles what the pages load: register.js, live.js, people.js (ES modules) and kutsu.css, minified
// node build.mjs --tests  bundles tests/*.test.ts into dist/tests, where `node --test` finds them
// The same sources give the same bytes: no time stamps, no paths, no source maps.
import { build } from "esbuild";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { catalogue, spoken, spoken_to_organisers } from "./messages.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const common = { absWorkingDir: here, bundle: true, charset: "utf8", legalComments: "none", logLevel: "warning" };

// import messages from "catalogue": the messages that the scripts say, in every language of the server; from
// "organisers": those of the organisers' pages.
const speech = {
  name: "catalogue",
  setup(bundler) {
    bundler.onResolve({ filter: /^(catalogue|organisers)$/ }, ({ path }) => ({ path, namespace: "catalogue" }));
    bundler.onLoad({ filter: /.*/, namespace: "catalogue" }, ({ path }) => ({
      contents: JSON.stringify(
        catalogue(join(here, "..", "server", "messages"), path === "organisers" ? spoken_to_organisers : spoken),
      ),
      loader: "json",
    }));
  },
};

const pages = (outdir) => ({
  ...common,
  entryPoints: ["public/register.ts", "public/live.ts", "public/people.ts", "public/kutsu.css"],
  outdir,
  format: "esm",
  target: "es2022",
  minify: true,
  external: ["*.svg", "*.png", "*.woff2"],
  plugins: [speech],
});

const tests = () => ({
  ...common,
  entryPoints: readdirSync(join(here, "tests")).filter((name) => name.endsWith(".test.ts")).map((name) => `tests/${name}`),
  outdir: "dist/tests",
  outExtension: { ".js": ".mjs" },
  format: "esm",
  platform: "node",
  target: "node18",
});

const [what] = process.argv.slice(2);
if (what === "--tests") {
  rmSync(join(here, "dist", "tests"), { recursive: true, force: true });
  await build(tests());
} else if (what) {
  if (!existsSync(join(here, "public", "kutsu.css"))) throw new Error("public/kutsu.css is missing");
  await build(pages(resolve(what)));
} else {
  console.error("usage: node build.mjs OUTDIR | --tests");
  process.exit(2);
}
