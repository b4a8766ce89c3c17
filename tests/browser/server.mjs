// A real server for one test file: the program KUTSU_BIN (build/dev/server/kutsu) on a fresh data folder with the
// demonstration files KUTSU_DEMO (tests/demo/silta-1.json and silta-2.json, separated by ":"), its clock in the week
// in which people register for the spring seminar.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const program = resolve(root, process.env.KUTSU_BIN ?? "build/dev/server/kutsu");
const demo = process.env.KUTSU_DEMO?.split(delimiter) ?? ["tests/demo/silta-1.json", "tests/demo/silta-2.json"];
const clock = "2027-05-03T06:00:00Z";
const start_limit_ms = 60_000;

// `at`: the instant at which its clock starts.
export async function start_server(options = [], at = clock) {
  const data = await mkdtemp(join(tmpdir(), "kutsu-browser-"));
  try {
    for (const file of demo) {
      await promisify(execFile)(program, ["import", resolve(root, file), "--data", data, "--clock", clock]);
    }
    return await serve(data, options, at);
  } catch (failure) {
    await rm(data, { recursive: true, force: true });
    throw failure;
  }
}

async function serve(data, options, at) {
  const process_ = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--data", data, "--clock", at, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  process_.stderr.setEncoding("utf8").on("data", (text) => (log += text));
  const stop = async () => {
    if (process_.exitCode === null && process_.signalCode === null) {
      const ended = once(process_, "exit");
      process_.kill("SIGTERM");
      await ended;
    }
    await rm(data, { recursive: true, force: true });
  };
  try {
    return { url: await address_of(process_, () => log), data, log: () => log, stop };
  } catch (failure) {
    await stop();
    throw failure;
  }
}

function address_of(process_, log) {
  return new Promise((resolve_, reject) => {
    const limit = setTimeout(() => reject(new Error(`the server did not say that it listens:\n${log()}`)), start_limit_ms);
    process_.once("error", reject);
    process_.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log()}`)));
    createInterface({ input: process_.stdout }).on("line", (line) => {
      const found = /^listening on (http:\/\/\S+)$/.exec(line);
      if (!found) return;
      clearTimeout(limit);
      resolve_(found[1]);
    });
  });
}
