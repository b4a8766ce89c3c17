// One's own registration in the browser: the place in the queue moves under the reader's eyes; handing on, choosing
// sessions, erasing and lost links work by keyboard and without scripts; axe finds nothing in any state.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe_findings, close_page, field, languages, launch, open_page, register_by_api, until } from "./browser.mjs";
import { start_server } from "./server.mjs";

let server;
let browser;

before(async () => {
  server = await start_server();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

let count = 0;
const somebody = (fields = {}) => register_by_api(server, { name: "Aino Ahonen", email: `guest-${++count}@example.org`, ...fields });
const path_of = (one, language = "en") => `/${language}/registrations/${one.token}`;
const status_of = async (one) => (await fetch(`${server.url}/api/v1/registrations/${one.token}`)).status;
const cancel = (one) => fetch(`${server.url}/api/v1/registrations/${one.token}`, { method: "DELETE" });

// Parties fill the hall; the first two that do not fit hold the queue.
async function fill_the_hall() {
  const companions = Array.from({ length: 9 }, (_, at) => ({ name: `Companion ${at + 1}` }));
  const waiting = [];
  for (let party = 0; waiting.length < 2; ++party) {
    assert.ok(party < 20, "the hall never filled");
    const one = await somebody({ companions });
    if (one.status === "waitlisted") waiting.push(one);
  }
  return waiting;
}

async function tab_to(page, locator) {
  const wanted = await locator.elementHandle();
  for (let steps = 0; steps < 80; ++steps) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((one) => one === document.activeElement)) return;
  }
  assert.fail("not reached by Tab");
}

const send = (page, action) => page.locator(`form:has(input[name=action][value=${action}]) button[type=submit]`);

test("a place is handed on by keyboard alone", async () => {
  const mine = await somebody();
  const page = await open_page(browser, server);
  await page.goto(path_of(mine));

  await tab_to(page, page.locator("a[href*='confirm=transfer']"));
  await page.keyboard.press("Enter");
  await page.waitForURL("**?confirm=transfer");
  await tab_to(page, field(page, "name"));
  await page.keyboard.type("Boris Petrov");
  await tab_to(page, field(page, "email"));
  await page.keyboard.type("boris@example.org");
  await page.keyboard.press("Enter");

  await page.waitForURL("**/en/registrations/?done=transfer");
  assert.match(await page.locator("[role=status]").textContent(), /handed on/);
  assert.equal(await status_of(mine), 410);
  const gone = await page.goto(path_of(mine));
  assert.equal(gone.status(), 410);
  await page.locator("a[href='/en/registrations/']").waitFor();
  await close_page(page);
});

test("without scripts: mistakes come back with what was typed, sessions are chosen, data erased", async () => {
  const mine = await somebody();
  const page = await open_page(browser, server, { javaScriptEnabled: false });
  await page.goto(`${path_of(mine)}?confirm=transfer`);
  await field(page, "name").fill("Boris");
  await field(page, "email").fill("nobody");
  await send(page, "transfer").click();
  assert.equal(await field(page, "name").inputValue(), "Boris");
  assert.equal(await field(page, "email").getAttribute("aria-invalid"), "true");
  await page.locator("[data-error-summary] a[href='#field-email']").waitFor();

  await page.goto(path_of(mine));
  await page.locator("#sessions > summary").click();
  await page.locator("#sessions input[name=sessions]").first().check();
  await send(page, "sessions").click();
  await page.waitForURL("**?done=sessions");
  assert.equal(await page.locator("#my-programme [data-session][data-status=confirmed]").count(), 1);

  await page.locator("a[href*='confirm=erase']").click();
  await send(page, "erase").click();
  await page.waitForURL("**/en/registrations/?done=erase");
  assert.equal(await status_of(mine), 410);
  await close_page(page);
});

test("one's data come as a file", async () => {
  const mine = await somebody();
  const page = await open_page(browser, server);
  await page.goto(path_of(mine));
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("a[href$='/export']").click()]);
  assert.equal(download.suggestedFilename(), "kutsu-registration.json");
  await close_page(page);
});

test("a lost link is asked for from the event's page", async () => {
  const page = await open_page(browser, server);
  await page.goto("/fi/events/ev-sem-spring");
  await page.locator(".card a[href^='/fi/registrations/']").click();
  await page.waitForURL("**/fi/registrations/?event=ev-sem-spring");
  await field(page, "email").fill("nobody@example.org");
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL("**?done=lost-link");
  await page.locator("[role=status]").waitFor();
  await close_page(page);
});

test("the place in the queue moves without a reload, and a freed seat is offered under the reader's eyes", async () => {
  const [first, second] = await fill_the_hall();
  const mine = await somebody();
  assert.equal(mine.status, "waitlisted");
  const page = await open_page(browser, server);
  await page.goto(path_of(mine));
  await page.evaluate(() => (window.never_reloaded = true));
  const main = page.locator("main[data-own-registration]");
  const position = () => main.getAttribute("data-position");
  assert.equal(await position(), String(mine.position));

  await cancel(first);
  await page.locator(`main[data-position='${mine.position - 1}']`).waitFor();
  assert.match(await page.locator("h1").textContent(), new RegExp(`number ${mine.position - 1}`));

  await cancel(second);
  await page.locator("main[data-status=offered], main[data-status=confirmed]").waitFor();
  await until_text(page.locator("[data-live=own]"));
  assert.ok(await page.evaluate(() => window.never_reloaded));
  if ((await main.getAttribute("data-status")) === "offered") {
    await page.locator("button[value=accept-offer]").click();
    await page.waitForURL("**?done=accept-offer");
    assert.equal(await main.getAttribute("data-status"), "confirmed");
  }
  await close_page(page);
});

async function until_text(locator) {
  let text = "";
  const ask = setInterval(async () => (text = (await locator.textContent().catch(() => "")) ?? ""), 50);
  await until(() => text !== "").finally(() => clearInterval(ask));
}

for (const colorScheme of ["light", "dark"]) {
  for (const language of languages) {
    test(`axe finds nothing in ${language}, ${colorScheme}`, async () => {
      const mine = await somebody({ sessions: [] });
      const erased = await somebody();
      await fetch(`${server.url}/api/v1/registrations/${erased.token}/erase`, { method: "POST" });
      const page = await open_page(browser, server, { colorScheme });
      const own = path_of(mine, language);
      for (const path of [own, `${own}?confirm=cancel`, `${own}?confirm=transfer`, `${own}?confirm=erase`,
        `${own}?done=sessions`, `${own}/programme`, `/${language}/registrations/`, `/${language}/registrations/?done=lost-link`,
        path_of(erased, language)]) {
        await page.goto(path);
        assert.deepEqual(await axe_findings(page), [], path);
      }
      await page.goto(own);
      for (const details of await page.locator("details").all()) await details.evaluate((one) => (one.open = true));
      assert.deepEqual(await axe_findings(page), [], "with everything open");
      await page.goto(`${own}?confirm=transfer`);
      await send(page, "transfer").evaluate((button) => (button.form.noValidate = true));
      await send(page, "transfer").click();
      await page.locator("[aria-invalid=true]").first().waitFor();
      assert.deepEqual(await axe_findings(page), [], "with mistakes");
      await close_page(page);
    });
  }
}
