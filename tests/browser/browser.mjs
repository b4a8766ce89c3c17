// The browser of a test file, and what all files ask of a page. Every page made here remembers what the browser
// complained about (content security policy, errors of scripts); each test ends by asking that there was nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe_source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const axe_tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const languages = ["fi", "en", "ru"];
export const seminar = "ev-sem-spring";
export const spring_title = {
  fi: "Kevätseminaari: kasvua kahden kaupungin yhteistyöstä",
  en: "Spring seminar: growth from two cities working together",
  ru: "Весенний семинар: рост через сотрудничество двух городов",
};
export const phone = { width: 390, height: 844 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.KUTSU_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

// A page of its own (own cookies, own storage) with `complaints` and the sent socket frames on it.
export async function open_page(browser, server, options = {}) {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.complaints = [];
  page.sent = [];
  page.on("console", (entry) => {
    const text = entry.text();
    if (/content security policy|requires 'Trusted|has been blocked|refused to/i.test(text)) page.complaints.push(text);
  });
  page.on("pageerror", (failure) => page.complaints.push(String(failure)));
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => page.sent.push(JSON.parse(String(payload)))));
  return page;
}

export async function close_page(page) {
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

// Resolves when the page watches its event: the server has answered event.watch.
export function watching(page) {
  return page.waitForEvent("websocket").then((socket) =>
    socket.waitForEvent("framereceived", ({ payload }) => "result" in JSON.parse(String(payload))),
  );
}

export const field = (page, path) => page.locator(`#field-${path.replaceAll(".", "-")}`);
export const error_of = (page, path) => page.locator(`#error-${path.replaceAll(".", "-")}`);
export const summary_of = (page) => page.locator("form[data-register] [data-error-summary]");
export const submit_of = (page) => page.locator("form[data-register] button[type=submit]");

export async function fill_in(page, { name, email }) {
  await field(page, "name").fill(name);
  await field(page, "email").fill(email);
}

export const is_own_page = (url) => /^\/(fi|en|ru)\/registrations\/[^/]+$/.test(new URL(url).pathname);

export async function own_status(page) {
  await page.waitForURL((url) => is_own_page(url.href));
  return page.locator("main[data-own-registration]").getAttribute("data-status");
}

// For what is not on the page.
export async function until(is_so, limit_ms = 15_000) {
  for (const end = Date.now() + limit_ms; !is_so(); ) {
    assert.ok(Date.now() < end, `in vain: ${is_so}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Registers somebody without a browser, as a program would.
export async function register_by_api(server, fields) {
  const response = await fetch(`${server.url}/api/v1/events/${seminar}/registrations`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ submission_id: crypto_uuid(), answers: {}, ...fields }),
  });
  assert.equal(response.status, 201, await response.clone().text());
  return response.json();
}

const crypto_uuid = () => globalThis.crypto?.randomUUID?.() ?? createRequire(import.meta.url)("node:crypto").randomUUID();

export async function event_of(server) {
  return (await fetch(`${server.url}/api/v1/events/${seminar}`)).json();
}

// What axe finds wrong, as lines one can act on. It runs beside the page's scripts, where no policy of the page holds.
export async function axe_findings(page) {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const run = async (expression) => {
    const answer = await session.send("Runtime.evaluate",
      { expression, contextId: executionContextId, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? "axe failed");
    return answer.result.value;
  };
  await run(`${axe_source}; undefined`);
  const options = JSON.stringify({ runOnly: axe_tags, resultTypes: ["violations"] });
  const violations = await run(`axe.run(document, ${options}).then((found) => found.violations)`);
  await session.detach();
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} — ${node.failureSummary}`));
}
