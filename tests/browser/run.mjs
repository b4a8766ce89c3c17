// node run.mjs [FILE…]: all browser tests, or these. The browser's driver wants Node 20; where the system's is older, the
// one that came with the packages runs them.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const is_new_enough = Number(process.versions.node.split(".")[0]) >= 20;
const node = is_new_enough ? process.execPath : join(here, "node_modules", `node-linux-${process.arch}`, "bin", "node");
const all = readdirSync(here).filter((name) => name.endsWith(".test.mjs")).map((name) => join(here, name));
const chosen = process.argv.slice(2);
const { status } = spawnSync(node, ["--test", ...(chosen.length ? chosen : all)], { stdio: "inherit" });
process.exit(status ?? 1);
