// The organisers' list of people: news wait behind a button, the keyboard works like a spreadsheet's, everything goes
// without scripts, and axe finds nothing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { axe_findings, close_page, languages, launch, open_page, register_by_api, seminar } from "./browser.mjs";
import { start_server } from "./server.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const program = resolve(root, process.env.KUTSU_BIN ?? "build/dev/server/kutsu");
const account = { email: "organiser@example.org", password: "correct horse battery" };

let server;
let browser;

before(async () => {
  server = await start_server();
  browser = await launch();
  const adding = spawn(program, ["user", "add", account.email, "--name", "Olga", "--role", "organiser", "--password-stdin",
    "--data", server.data], { stdio: ["pipe", "ignore", "inherit"] });
  adding.stdin.end(`${account.password}\n`);
  assert.deepEqual(await once(adding, "exit"), [0, null]);
  for (const name of ["Aino Ahonen", "Щербинина Светлана", "Väinö Äikäs"])
    await register_by_api(server, { name, email: `${encodeURIComponent(name).replaceAll("%", "").slice(0, 40)}@example.org`, organisation: "Oy Äijä" });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function signed_in(language, options = {}) {
  const page = await open_page(browser, server, { locale: language, ...options });
  await page.goto("/app/");
  await page.locator("#field-email").fill(account.email);
  await page.locator("#field-password").fill(account.password);
  await page.locator("form[action='/app/sign-in'] button").click();
  await page.locator("form[action='/app/sign-out']").waitFor();
  return page;
}

const table = (page) => page.locator("[data-people-table]");
const names = (page) => page.locator("[data-people-table] tbody th a").allTextContents();
const show = (page) => page.locator("[data-people-show]");

async function open_watching(page) {
  const answered = page.waitForEvent("websocket").then((socket) =>
    socket.waitForEvent("framereceived", ({ payload }) => JSON.parse(String(payload)).result?.items));
  await page.goto(`/app/events/${seminar}`);
  await answered;
}

test("who registers waits behind a button and moves nothing until it is pressed", async () => {
  const page = await signed_in("en");
  await open_watching(page);
  const before_ = await names(page);
  await page.locator("input[name=id]").first().check();
  const chosen = await page.locator("input[name=id]:checked").getAttribute("value");

  await register_by_api(server, { name: "Cecilia Carp", email: "cecilia@example.org" });
  await show(page).waitFor();
  assert.equal(await show(page).textContent(), "1 new — show");
  assert.equal(await page.locator("[data-people-news]").textContent(), "1 new — show");
  assert.deepEqual(await names(page), before_);
  await register_by_api(server, { name: "Dora Dahl", email: "dora@example.org" });
  await show(page).filter({ hasText: "2 new" }).waitFor();

  await show(page).click();
  await page.locator("tbody th a", { hasText: "Dora Dahl" }).waitFor();
  assert.deepEqual(await names(page), ["Dora Dahl", "Cecilia Carp", ...before_]);
  assert.equal(await page.locator("input[name=id]:checked").getAttribute("value"), chosen);
  assert.equal(await show(page).isHidden(), true);
  await close_page(page);
});

test("a lost connection marks the list as perhaps old, and it catches up", async () => {
  const page = await signed_in("en");
  let is_down = false;
  const sockets = [];
  await page.routeWebSocket(/\/live/, (socket) => {
    if (is_down) return socket.close();
    socket.connectToServer();
    sockets.push(socket);
    return undefined;
  });
  await page.goto(`/app/events/${seminar}`);
  await page.waitForFunction(() => globalThis.kutsu_socket);
  is_down = true;
  await Promise.all(sockets.map((socket) => socket.close({ code: 1012 })));
  await page.locator("[data-people-body].is-stale").waitFor();
  const news = page.locator("[data-people-news]");
  assert.equal(await news.textContent(), await news.getAttribute("data-message-lost"));

  await register_by_api(server, { name: "Egil Ek", email: "egil@example.org" });
  is_down = false;
  await show(page).filter({ hasText: "1 new" }).waitFor({ timeout: 40_000 });
  assert.equal(await page.locator("[data-people-body].is-stale").count(), 0);
  await close_page(page);
});

test("the keyboard alone searches, walks, chooses and opens", async () => {
  const page = await signed_in("en");
  await open_watching(page);
  assert.equal(await table(page).getAttribute("role"), "grid");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "people-q");
  await page.keyboard.type("shcherbinina");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=shcherbinina/);
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.goto(`/app/events/${seminar}?sort=name`);

  await page.locator("tbody [tabindex='0']").focus();
  const place = () => page.evaluate(() => {
    const cell = document.activeElement.closest("td, th");
    return [cell.parentElement.rowIndex - 1, cell.cellIndex];
  });
  const rows = await page.locator("tbody tr").count();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await place(), [1, 1]);
  await page.keyboard.press("Home");
  assert.deepEqual(await place(), [1, 0]);
  await page.keyboard.press("Control+End");
  assert.deepEqual(await place(), [rows - 1, 8]);
  await page.keyboard.press("Space");
  assert.equal(await page.locator("tbody tr").last().locator("input").isChecked(), true);
  assert.equal(await page.locator("[data-people-news]").textContent(), "1 chosen");
  const name = await page.locator("tbody th a").last().getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === name);
  await close_page(page);
});

test("many are tagged in two steps, without scripts as with them", async () => {
  for (const javaScriptEnabled of [false, true]) {
    const page = await signed_in("en", { javaScriptEnabled });
    await page.goto(`/app/events/${seminar}?sort=name`);
    await page.locator("input[name=id]").nth(0).check();
    await page.locator("input[name=id]").nth(1).check();
    await page.locator("#bulk-action").selectOption("tag");
    await page.locator("#bulk-tag").fill(`bus ${javaScriptEnabled}`);
    await page.locator("#bulk button").click();
    assert.match(await page.locator("main").textContent(), /2 registrations/);
    await page.locator("main form button").click();
    await page.locator(".notice-done").waitFor();
    await page.goto(`/app/events/${seminar}?tag=bus+${javaScriptEnabled}`);
    assert.equal(await page.locator("tbody tr").count(), 2);
    await close_page(page);
  }
});

test("the form for one person keeps what was typed and says what is wrong", async () => {
  const page = await signed_in("en", { javaScriptEnabled: false });
  await page.goto(`/app/events/${seminar}`);
  await page.locator("tbody th a", { hasText: "Aino Ahonen" }).click();
  await page.locator("#field-name").fill("Aino Ahola");
  await page.locator("#field-tags").fill("x".repeat(51));
  await page.locator("form.form button").click();
  assert.match(await page.locator("[data-error-summary]").textContent(), /at most 50/);
  assert.equal(await page.locator("#field-name").inputValue(), "Aino Ahola");
  await page.locator("#field-tags").fill("vip");
  await page.locator("form.form button").click();
  await page.locator(".notice-done").waitFor();
  assert.equal(await page.locator("h1").textContent(), "Aino Ahola");
  await close_page(page);
});

test("a list is pasted, looked over and registered, without scripts", async () => {
  const page = await signed_in("en", { javaScriptEnabled: false });
  await page.goto(`/app/events/${seminar}/import`);
  await page.locator("#import-text").fill("Nimi;Sähköposti\nFrida Falk;frida@example.org\nGunnar Grip;gunnar\n");
  await page.locator("main form button").click();
  assert.match(await page.locator("[role=status]").textContent(), /2 rows, of which 1 are fine/);
  await page.locator("main form button").first().click();
  await page.locator(".notice-done").waitFor();
  assert.equal((await names(page))[0].trim(), "Frida Falk");
  await close_page(page);
});

test("a message is written, looked at and sent, and can be taken back", async () => {
  const page = await signed_in("en", { javaScriptEnabled: false });
  await page.goto(`/app/events/${seminar}/mail?q=frida`);
  await page.locator("#field-subject-en").fill("Rooms");
  await page.locator("#field-body-en").fill("Dear {name}, bring {shoe}");
  await page.locator("button[value=preview]").click();
  assert.match(await page.locator("[data-error-summary]").textContent(), /Line 1 holds the unknown place shoe/);
  await page.locator("#field-body-en").fill("Dear {name}, bring shoes");
  await page.locator("button[value=preview]").click();
  assert.match(await page.locator("main").textContent(), /Dear Frida Falk, bring shoes/);
  await page.locator("button[value=send]").click();
  await page.locator(".notice-done").waitFor();
  await page.locator("button", { hasText: "Take it back" }).click();
  assert.match(await page.locator(".people-timeline").textContent(), /taken back/);
  await close_page(page);
});

test("axe finds nothing on the list, a person and the forms, in three languages, light and dark", async () => {
  for (const language of languages) {
    for (const colorScheme of ["light", "dark"]) {
      const page = await signed_in(language, { colorScheme });
      const person = async () => page.goto(await page.locator("tbody th a").first().getAttribute("href"));
      for (const path of ["", "?q=nobody", "?status=confirmed&q=a", "/add", "/import", "/mail?status=confirmed"]) {
        await page.goto(`/app/events/${seminar}${path}`);
        assert.deepEqual(await axe_findings(page), [], `${path} ${language} ${colorScheme}`);
      }
      await page.goto(`/app/events/${seminar}/import`);
      await page.locator("#import-text").fill("Nimi;Sähköposti\nHelmi;helmi@example.org\nIida;iida\n");
      await page.locator("main form button").click();
      assert.deepEqual(await axe_findings(page), [], `rows to import ${language} ${colorScheme}`);
      await page.goto(`/app/events/${seminar}/mail`);
      await page.locator("#field-subject-fi").fill("Huoneet");
      await page.locator("#field-body-fi").fill("Hei {name}");
      await page.locator("button[value=preview]").click();
      assert.deepEqual(await axe_findings(page), [], `a message ${language} ${colorScheme}`);
      await page.goto(`/app/events/${seminar}`);
      await person();
      assert.deepEqual(await axe_findings(page), [], `a person ${language} ${colorScheme}`);
      await close_page(page);
    }
  }
});
