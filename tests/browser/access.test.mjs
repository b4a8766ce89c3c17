// Accessibility: axe finds nothing on any page or state, in three languages, light and dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe_findings, close_page, error_of, field, fill_in, languages, launch, open_page, register_by_api, seminar, submit_of,
  summary_of } from "./browser.mjs";
import { start_server } from "./server.mjs";

let server;
let browser;
let tokens;

before(async () => {
  server = await start_server();
  browser = await launch();
  tokens = await tokens_by_status();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// One registration in each state; the waiting list begins when the hall is full.
async function tokens_by_status() {
  const confirmed = await register_by_api(server, { name: "Aino Ahonen", email: "aino@example.org" });
  const cancelled = await register_by_api(server, { name: "Наталья Щербакова", email: "natalya@example.org" });
  const response = await fetch(`${server.url}/api/v1/registrations/${cancelled.token}`, { method: "DELETE" });
  assert.equal(response.status, 200);
  for (let party = 0; party < 20; ++party) {
    const companions = Array.from({ length: 9 }, (_, at) => ({ name: `Companion ${at + 1}` }));
    const last = await register_by_api(server, { name: `Party ${party}`, email: `party-${party}@example.org`, companions });
    if (last.status === "waitlisted") return { confirmed: confirmed.token, cancelled: cancelled.token, waitlisted: last.token };
  }
  throw new Error("the hall never filled");
}

async function nothing_is_found(page, what) {
  assert.deepEqual(await axe_findings(page), [], what);
}

test("the check finds what is wrong", async () => {
  const page = await open_page(browser, server);
  await page.goto("/en/");
  await page.locator("html").evaluate((one) => one.removeAttribute("lang"));
  const findings = await axe_findings(page);
  assert.equal(findings.length, 1, findings.join("\n"));
  await close_page(page);
});

for (const colorScheme of ["light", "dark"]) {
  for (const language of languages) {
    const where = `in ${language}, ${colorScheme}`;

    test(`the list and the event's page ${where}`, async () => {
      const page = await open_page(browser, server, { colorScheme });
      for (const path of [`/${language}/`, `/${language}/events/${seminar}`, `/${language}/events/${seminar}/registrations`]) {
        await page.goto(path);
        await nothing_is_found(page, path);
      }
      await close_page(page);
    });

    test(`the form with mistakes, made by the script and by the server, ${where}`, async () => {
      const scripted = await open_page(browser, server, { colorScheme });
      await scripted.goto(`/${language}/events/${seminar}`);
      await field(scripted, "answers.company").check();
      await submit_of(scripted).click();
      await summary_of(scripted).waitFor({ state: "visible" });
      await error_of(scripted, "answers.size").waitFor({ state: "visible" });
      await nothing_is_found(scripted, "by the script");
      await close_page(scripted);

      const plain = await open_page(browser, server, { colorScheme });
      await plain.route("**/*.js", (route) => route.abort());
      await plain.goto(`/${language}/events/${seminar}`);
      await fill_in(plain, { name: "Aino Ahonen", email: "aino" });
      await field(plain, "answers.company").check();
      await submit_of(plain).click();
      await summary_of(plain).waitFor({ state: "visible" });
      await nothing_is_found(plain, "by the server");
      await close_page(plain);
    });

    test(`registrations confirmed, waitlisted, cancelled, and the question before cancelling ${where}`, async () => {
      const page = await open_page(browser, server, { colorScheme });
      for (const [status, token] of Object.entries(tokens)) {
        await page.goto(`/${language}/registrations/${token}`);
        assert.equal(await page.locator("main").getAttribute("data-status"), status);
        await nothing_is_found(page, status);
      }
      await page.goto(`/${language}/registrations/${tokens.confirmed}?confirm=cancel`);
      await nothing_is_found(page, "before cancelling");
      await close_page(page);
    });

    test(`an unknown page ${where}`, async () => {
      const page = await open_page(browser, server, { colorScheme });
      await page.goto(`/${language}/no-such-page`);
      await nothing_is_found(page, "404");
      await close_page(page);
    });
  }
}

test("with forced colours and little motion the pages still stand", async () => {
  const page = await open_page(browser, server, { forcedColors: "active", reducedMotion: "reduce" });
  await page.goto(`/en/events/${seminar}`);
  await nothing_is_found(page, "forced colours");
  await close_page(page);
});
