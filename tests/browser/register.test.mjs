// Registering and leaving again, by every door the page has.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close_page, error_of, field, fill_in, launch, open_page, own_status, phone, seminar, submit_of,
  summary_of } from "./browser.mjs";
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

const submissions = (page) => page.sent.filter((message) => message.method === "registration.submit");

test("a registration travels over the socket and ends on its own page", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/fi/events/${seminar}`);

  await fill_in(page, { name: "Aino Ahonen", email: "aino@example.org" });
  await field(page, "sessions").check();
  await submit_of(page).click();

  assert.equal(await own_status(page), "confirmed");
  const [sent, ...more] = submissions(page);
  assert.deepEqual(more, []);
  const { submission_id, ...params } = sent.params;
  assert.match(submission_id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.deepEqual(params, { event: seminar, language: "fi", name: "Aino Ahonen", email: "aino@example.org", answers: {},
    sessions: ["s-spr-06"], companions: [] });
  await close_page(page);
});

test("a question under a condition is asked, required and sent only when it applies", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  const size = page.locator("[data-field='answers.size']");
  await fill_in(page, { name: "Bo Berg", email: "bo@example.org" });
  await size.waitFor({ state: "hidden" });

  await field(page, "answers.company").check();
  await size.waitFor({ state: "visible" });
  await submit_of(page).click();

  await error_of(page, "answers.size").waitFor({ state: "visible" });
  await size.getByRole("radio").nth(1).check();
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");
  assert.deepEqual(submissions(page).map(({ params }) => params.answers), [{ company: true, size: "small" }]);
  await close_page(page);
});

test("mistakes are told in a summary that takes the focus and leads to the fields, and go as they are mended", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await field(page, "email").fill("not an address");

  await submit_of(page).click();

  await summary_of(page).waitFor({ state: "visible" });
  assert.ok(await summary_of(page).evaluate((one) => one === document.activeElement));
  assert.equal(await summary_of(page).locator("li a").count(), 2);
  assert.deepEqual(submissions(page), [], "nothing wrong is sent");
  const words = await error_of(page, "email").textContent();
  assert.ok((await summary_of(page).textContent()).includes(words));

  await summary_of(page).locator("a[href='#field-email']").click();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "field-email");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("bertta@example.org");
  await page.keyboard.press("Tab");
  await error_of(page, "email").waitFor({ state: "hidden" });
  assert.equal(await field(page, "email").getAttribute("aria-invalid"), null);
  await error_of(page, "name").waitFor({ state: "visible" });
  await close_page(page);
});

test("what the server alone can judge comes back to its field", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Cecilia Carp", email: "cecilia@example.org" });
  const choices = page.locator("[data-field=sessions] input");
  await choices.nth(0).check();
  await choices.nth(1).check();

  await submit_of(page).click();

  await error_of(page, "sessions").waitFor({ state: "visible" });
  assert.equal(await field(page, "name").inputValue(), "Cecilia Carp");
  await choices.nth(1).uncheck();
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");
  const ids = submissions(page).map(({ params }) => params.submission_id);
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1], "a refused form is sent again under its id");
  await close_page(page);
});

test("companions get rows as they are needed and come along", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Dora Dahl", email: "dora@example.org" });
  await page.locator("[data-companions] summary").click();
  const rows = page.locator("[data-companion]");
  assert.deepEqual(await rows.evaluateAll((all) => all.map((row) => row.hidden)), [false, true, true]);

  for (let row = 1; row < 9; ++row) await page.locator("[data-add-companion]").click();
  assert.equal(await rows.count(), 9);
  await page.locator("[data-add-companion]").waitFor({ state: "hidden" });
  const ids = await page.locator("[id]").evaluateAll((all) => all.map((one) => one.id));
  assert.equal(new Set(ids).size, ids.length, "ids stay unique");
  await field(page, "companions.4.name").fill("Egil Ek");
  await field(page, "companions.8.name").fill("Frida Falk");
  await field(page, "companions.8.email").fill("frida at example");
  await submit_of(page).click();
  await error_of(page, "companions.8.email").waitFor({ state: "visible" });
  await field(page, "companions.8.email").fill("frida@example.org");
  await submit_of(page).click();

  assert.equal(await own_status(page), "confirmed");
  assert.deepEqual(submissions(page).at(-1).params.companions,
    [{ name: "Egil Ek" }, { name: "Frida Falk", email: "frida@example.org" }]);
  await close_page(page);
});

test("in Russian with a Cyrillic name, the other script is offered", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/ru/events/${seminar}`);
  const other = field(page, "name_other_script");
  await other.waitFor({ state: "hidden" });

  await fill_in(page, { name: "Наталья Щербакова", email: "наталья@пример.рф" });
  await other.waitFor({ state: "visible" });
  await other.fill("Natalya Shcherbakova");
  await submit_of(page).click();

  assert.equal(await own_status(page), "confirmed");
  assert.match(page.url(), /\/ru\/registrations\//);
  assert.ok((await page.locator("main").textContent()).includes("Наталья Щербакова"));
  assert.equal(submissions(page)[0].params.name_other_script, "Natalya Shcherbakova");
  await close_page(page);
});

test("by keyboard alone: Tab, typing, Space and Enter are enough", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await field(page, "name").focus();
  const stops = [];
  const here = () => page.evaluate(() => {
    const one = document.activeElement;
    return one.closest("[data-field]")?.dataset.field ?? (one.type === "submit" ? "submit" : one.tagName.toLowerCase());
  });
  const typed = { name: "Gunnar Grip", email: "gunnar@example.org", organisation: "Grip Oy" };

  for (stops.push(await here()); stops.at(-1) !== "submit" && stops.length < 30; stops.push(await here())) {
    const field_here = stops.at(-1);
    if (typed[field_here]) await page.keyboard.type(typed[field_here]);
    if (field_here === "sessions" && stops.filter((one) => one === "sessions").length === 1) await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
  }

  // The organiser's own questions and the choice of sessions are the event's; the form itself stays short.
  const own = stops.filter((one) => one !== "sessions" && !one.startsWith("answers."));
  assert.ok(own.length <= 9, `stops: ${stops.join(", ")}`);
  assert.ok(stops.length <= 12, `stops: ${stops.join(", ")}`);
  await page.keyboard.press("Enter");
  assert.equal(await own_status(page), "confirmed");
  assert.deepEqual(submissions(page)[0].params.sessions, ["s-spr-06"]);
  await close_page(page);
});

test("on a phone", async () => {
  const page = await open_page(browser, server, { viewport: phone, hasTouch: true, isMobile: true });
  await page.goto(`/fi/events/${seminar}`);

  await fill_in(page, { name: "Helmi Hakala", email: "helmi@example.org" });
  const controls = page.locator("form[data-register] :is(input:not([type=hidden]), select, button[type=submit]):visible");
  const too_small = await controls.evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().height < 24 ||
    (!/checkbox|radio/.test(one.type) && parseFloat(getComputedStyle(one).fontSize) < 16)).map((one) => one.id));
  assert.deepEqual(too_small, [], "targets of 24 pixels, letters of 16 so that nothing zooms");
  await submit_of(page).tap();

  assert.equal(await own_status(page), "confirmed");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  await close_page(page);
});

test("with the socket out of reach the form goes over HTTP under the same id", async () => {
  const page = await open_page(browser, server);
  await page.routeWebSocket(/\/live/, (socket) => socket.close());
  const posts = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(request));
  await page.goto(`/en/events/${seminar}`);
  const id = await page.locator("[name=submission_id]").inputValue();
  await fill_in(page, { name: "Ingrid Ilves", email: "ingrid@example.org" });

  await submit_of(page).click();

  assert.equal(await own_status(page), "confirmed");
  assert.deepEqual(posts.map((one) => new URL(one.url()).pathname), [`/api/v1/events/${seminar}/registrations`]);
  assert.equal(posts[0].postDataJSON().submission_id, id);
  await close_page(page);
});

test("with socket and API out of reach the plain form is sent", async () => {
  const page = await open_page(browser, server);
  await page.routeWebSocket(/\/live/, (socket) => socket.close());
  await page.route("**/api/v1/**", (route) => route.abort());
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Jon Järvi", email: "jon@example.org" });

  await submit_of(page).click();

  assert.equal(await own_status(page), "confirmed");
  await close_page(page);
});

test("an overloaded server is asked again when it said so, and nothing typed is lost", async () => {
  const page = await open_page(browser, server);
  await page.routeWebSocket(/\/live/, (socket) => socket.close());
  const ids = [];
  await page.route("**/api/v1/events/*/registrations*", (route) => {
    ids.push(route.request().postDataJSON().submission_id);
    if (ids.length > 1) return route.continue();
    return route.fulfill({ status: 503, contentType: "application/problem+json",
      body: JSON.stringify({ type: "/problems/overloaded", title: "Busy", detail: "Later.", retry_after_ms: 1200 }) });
  });
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Kaija Koivu", email: "kaija@example.org" });

  await submit_of(page).click();

  await page.locator("[data-form-status] [data-seconds]").waitFor();
  assert.equal(await submit_of(page).getAttribute("aria-disabled"), "true");
  assert.equal(await field(page, "name").inputValue(), "Kaija Koivu");
  assert.equal(await own_status(page), "confirmed");
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  await close_page(page);
});

test("a half-filled form survives a reload and is forgotten once sent", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Lauri Lehto", email: "lauri@example.org" });
  await field(page, "answers.company").check();

  await page.reload();

  assert.equal(await field(page, "name").inputValue(), "Lauri Lehto");
  assert.ok(await field(page, "answers.company").isChecked());
  await page.locator("[data-field='answers.size']").getByRole("radio").first().check();
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");
  await page.goto(`/en/events/${seminar}`);
  assert.equal(await field(page, "name").inputValue(), "");
  await close_page(page);
});

test("an impatient second press sends nothing twice", async () => {
  const page = await open_page(browser, server);
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Minna Mäki", email: "minna@example.org" });

  await submit_of(page).dblclick();

  assert.equal(await own_status(page), "confirmed");
  assert.equal(submissions(page).length, 1);
  await close_page(page);
});

// ── Without JavaScript ──

const no_script = { javaScriptEnabled: false };

test("without JavaScript: mistakes come back beside what was entered, then the registration stands", async () => {
  const page = await open_page(browser, server, no_script);
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Niilo Nurmi", email: "niilo-at-example.org" });
  await field(page, "answers.diet").fill("no nuts");
  await field(page, "answers.company").check();

  await submit_of(page).click();

  await summary_of(page).waitFor({ state: "visible" });
  await error_of(page, "email").waitFor({ state: "visible" });
  assert.deepEqual(
    [await field(page, "name").inputValue(), await field(page, "email").inputValue(), await field(page, "answers.diet").inputValue()],
    ["Niilo Nurmi", "niilo-at-example.org", "no nuts"]);
  assert.ok(await field(page, "answers.company").isChecked());

  await field(page, "email").fill("niilo@example.org");
  await submit_of(page).click();
  await error_of(page, "answers.size").waitFor({ state: "visible" });
  assert.equal(await field(page, "answers.diet").inputValue(), "no nuts");

  await page.locator("[data-field='answers.size'] input").first().check();
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");
  await close_page(page);
});

test("without JavaScript: cancelling asks first, and looking at the question cancels nothing", async () => {
  const page = await open_page(browser, server, no_script);
  await page.goto(`/en/events/${seminar}`);
  await fill_in(page, { name: "Outi Oja", email: "outi@example.org" });
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");
  const own = page.url();

  await page.locator("a[href*='confirm=cancel']").click();
  await page.locator("form input[name=action][value=cancel]").waitFor({ state: "attached" });
  await page.reload();
  await page.goto(own);
  assert.equal(await page.locator("main").getAttribute("data-status"), "confirmed", "a GET changes nothing");

  await page.locator("a[href*='confirm=cancel']").click();
  await page.locator("form:has(input[name=action][value=cancel]) button[type=submit]").click();
  await page.waitForURL((url) => url.searchParams.get("done") === "cancel");
  assert.equal(await page.locator("main").getAttribute("data-status"), "cancelled");
  await close_page(page);
});

test("without JavaScript: details can be changed", async () => {
  const page = await open_page(browser, server, no_script);
  await page.goto(`/fi/events/${seminar}`);
  await fill_in(page, { name: "Pekka Puro", email: "pekka@example.org" });
  await submit_of(page).click();
  assert.equal(await own_status(page), "confirmed");

  await page.locator("#change summary").click();
  await page.locator("#change [name=organisation]").fill("Puro Oy");
  await page.locator("#change button[type=submit]").click();

  await page.waitForURL((url) => url.searchParams.get("done") === "change");
  assert.equal(await page.locator("#change [name=organisation]").inputValue(), "Puro Oy");
  await close_page(page);
});
