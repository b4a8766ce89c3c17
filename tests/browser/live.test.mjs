// A page that is open while others act: seats and programme change under the reader's eyes, without a reload.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close_page, event_of, field, fill_in, launch, open_page, own_status, register_by_api, seminar, submit_of,
  until, watching } from "./browser.mjs";
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

const seats = (page) => page.locator("[data-live=seats]");
const free_on = async (page) => Number(await seats(page).getAttribute("data-free"));

async function until_free(page, free) {
  await page.locator(`[data-live=seats][data-free='${free}']`).waitFor();
}

async function open_live(page, language) {
  const ready = watching(page);
  await page.goto(`/${language}/events/${seminar}`);
  await page.evaluate(() => (window.never_reloaded = true));
  await ready;
}

test("one registers, the other's page counts the seat at once and is not reloaded", async () => {
  const reader = await open_page(browser, server);
  const guest = await open_page(browser, server);
  await open_live(reader, "ru");
  const before_ = await free_on(reader);
  const words = await seats(reader).textContent();

  await guest.goto(`/fi/events/${seminar}`);
  await fill_in(guest, { name: "Aino Ahonen", email: "aino@example.org" });
  await submit_of(guest).click();
  assert.equal(await own_status(guest), "confirmed");

  await until_free(reader, before_ - 1);
  assert.notEqual(await seats(reader).textContent(), words);
  assert.ok(await reader.evaluate(() => window.never_reloaded));
  await reader.reload();
  assert.equal(await free_on(reader), before_ - 1, "the server's page says the same");
  await close_page(reader);
  await close_page(guest);
});

test("the words for the seats are those of the server's page, in each language", async () => {
  for (const language of ["fi", "en", "ru"]) {
    const reader = await open_page(browser, server);
    await open_live(reader, language);
    const free = await free_on(reader);
    await register_by_api(server, { name: "Bo Berg", email: `bo-${language}@example.org` });
    await until_free(reader, free - 1);

    const live = await seats(reader).textContent();
    await reader.reload();

    assert.equal(live, await seats(reader).textContent());
    await close_page(reader);
  }
});

test("a session's own seats are counted too", async () => {
  const reader = await open_page(browser, server);
  await open_live(reader, "en");
  const place = reader.locator("#session-s-spr-07 [data-live=free]");
  const before_ = Number(await place.getAttribute("data-free"));

  await register_by_api(server, { name: "Cecilia Carp", email: "cecilia@example.org", sessions: ["s-spr-07"] });

  await reader.locator(`#session-s-spr-07 [data-live=free][data-free='${before_ - 1}']`).waitFor();
  await close_page(reader);
});

test("what somebody is typing stays while the page changes around it", async () => {
  const reader = await open_page(browser, server);
  await open_live(reader, "en");
  await fill_in(reader, { name: "Dora Dahl", email: "dora@exa" });
  const free = await free_on(reader);

  await register_by_api(server, { name: "Egil Ek", email: "egil@example.org" });
  await until_free(reader, free - 1);

  assert.equal(await field(reader, "email").inputValue(), "dora@exa");
  assert.equal(await reader.evaluate(() => document.activeElement?.id), "field-email");
  await close_page(reader);
});

test("after a lost connection the page catches up by itself", async () => {
  const reader = await open_page(browser, server);
  let is_down = false;
  const sockets = [];
  await reader.routeWebSocket(/\/live/, (socket) => {
    if (is_down) return socket.close();
    socket.connectToServer();
    sockets.push(socket);
    return undefined;
  });
  await reader.goto(`/en/events/${seminar}`);
  await reader.waitForFunction(() => globalThis.kutsu_socket);
  const free = await free_on(reader);
  await register_by_api(server, { name: "Frida Falk", email: "frida@example.org" });
  await until_free(reader, free - 1);

  is_down = true;
  await Promise.all(sockets.map((socket) => socket.close({ code: 1012 })));
  await register_by_api(server, { name: "Gunnar Grip", email: "gunnar@example.org" });
  await register_by_api(server, { name: "Helmi Hakala", email: "helmi@example.org" });
  assert.equal(await free_on(reader), free - 1);
  is_down = false;

  await until_free(reader, free - 3);
  const { version } = await event_of(server);
  assert.equal(Number(await reader.locator("main").getAttribute("data-version")), version);
  await close_page(reader);
});

// The organisers' screens are not public yet, so the programme's pushes are given to the page as the contract words
// them; the socket around them is the real one.
async function open_with_pushes(page, language) {
  let to_page;
  const asked = [];
  await page.routeWebSocket(/\/live/, (socket) => {
    const server_side = socket.connectToServer();
    socket.onMessage((message) => {
      asked.push(JSON.parse(message).method);
      server_side.send(message);
    });
    to_page = socket;
  });
  await page.goto(`/${language}/events/${seminar}`);
  await page.waitForFunction(() => globalThis.kutsu_socket);
  const version = Number(await page.locator("main").getAttribute("data-version"));
  const push = (changes, at = version + 1) => to_page.send(JSON.stringify({
    jsonrpc: "2.0", method: "event.changed", params: { event: seminar, version: at, changes, at: "2027-05-03T06:01:00Z" },
  }));
  return { push, version, watches: () => asked.filter((method) => method === "event.watch").length };
}

const session_of = async (id) => (await event_of(server)).agenda.sessions.find((one) => one.id === id);

test("a session that moves shows its new time in both cities, the old one struck through", async () => {
  const page = await open_page(browser, server);
  const { push } = await open_with_pushes(page, "fi");
  const session = await session_of("s-spr-02");
  const line = page.locator("#session-s-spr-02");

  push([{ kind: "session.changed", session: { ...session, version: session.version + 1,
    starts_at: "2027-05-27T09:05:00+03:00", ends_at: "2027-05-27T09:20:00+03:00" } }]);

  await line.locator("del").first().waitFor();
  assert.deepEqual(await line.locator("del").allTextContents(), ["9.00", "9.15"]);
  assert.equal(await line.locator("[data-live=starts]").textContent(), "9.05");
  assert.equal(await line.locator("[data-live=other-starts]").textContent(), "11.05");
  const agenda = page.locator("ol[data-live=agenda]").first();
  assert.equal(await line.locator("[data-live=mark]").textContent(), await agenda.getAttribute("data-message-moved"));
  const news = page.locator("[data-live=news]");
  assert.equal(await news.textContent(), await news.getAttribute("data-message-agenda"));
  await close_page(page);
});

test("a session that is called off says so and stays", async () => {
  const page = await open_page(browser, server);
  const { push } = await open_with_pushes(page, "en");
  const session = await session_of("s-spr-04");

  push([{ kind: "session.changed", session: { ...session, version: session.version + 1, status: "cancelled" } }]);

  const mark = page.locator("#session-s-spr-04 [data-live=mark]");
  await mark.waitFor({ state: "visible" });
  assert.equal(await page.locator("#session-s-spr-04").getAttribute("data-status"), "cancelled");
  await close_page(page);
});

test("what a line cannot say is taken from the server's page, under its policy, and the form stays", async () => {
  const page = await open_page(browser, server);
  const { push } = await open_with_pushes(page, "en");
  await fill_in(page, { name: "Ingrid Ilves", email: "ingrid@example.org" });
  await page.locator("#programme").evaluate((one) => (one.dataset.old = ""));

  push([{ kind: "session.removed", id: "s-spr-05" }]);

  await page.locator("#programme:not([data-old])").waitFor();
  assert.equal(await page.locator("[data-session]").count(), 10);
  assert.equal(await field(page, "name").inputValue(), "Ingrid Ilves");
  await close_page(page);
});

test("the next version is applied, an old one is not, and a gap is asked about", async () => {
  const page = await open_page(browser, server);
  const { push, version, watches } = await open_with_pushes(page, "en");
  const free = await free_on(page);
  const seats_of = (left) => [{ kind: "seats", seats: { capacity: 60, confirmed: 60 - left, waitlisted: 0, free: left } }];

  push(seats_of(free - 1), version + 1);
  await until_free(page, free - 1);
  push(seats_of(1), version);
  push(seats_of(2), version + 9);
  push(seats_of(free - 2), version + 2);
  await until_free(page, free - 2);

  await until(() => watches() >= 2);
  assert.equal(watches(), 2, "once at the start, once for the gap");
  await close_page(page);
});

test("a page nobody looks at lets its connection go", async () => {
  const page = await open_page(browser, server);
  const socket = page.waitForEvent("websocket");
  await page.goto(`/en/events/${seminar}`);
  const closed = (await socket).waitForEvent("close");

  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await closed;

  const again = page.waitForEvent("websocket");
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: false, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await again;
  await close_page(page);
});

test("when the last seat goes the page says so, offers the queue and counts it", async () => {
  const reader = await open_page(browser, server);
  await open_live(reader, "en");
  const news = reader.locator("[data-live=news]");
  const card = await reader.locator(".card").textContent();

  for (let party = 0, free = await free_on(reader); free > 0; ++party) {
    const companions = Array.from({ length: Math.min(9, free - 1) }, (_, at) => ({ name: `Guest ${at + 1}` }));
    const receipt = await register_by_api(server, { name: `Party ${party}`, email: `party-${party}@example.org`, companions });
    assert.equal(receipt.status, "confirmed");
    free = receipt.seats.free;
  }

  await until_free(reader, 0);
  await reader.locator("main").filter({ hasText: await news.getAttribute("data-message-seats-gone") }).waitFor();
  await reader.waitForFunction((before_) => !document.querySelector(".card").textContent.includes(before_), card);
  const { token } = await register_by_api(server, { name: "Too Late", email: "late@example.org" });
  await reader.locator("[data-live=seats][data-waitlisted='1']").waitFor();
  const words = await seats(reader).textContent();
  await reader.reload();
  assert.equal(words, await seats(reader).textContent());

  await fetch(`${server.url}/api/v1/registrations/${token}`, { method: "DELETE" });
  await reader.locator("[data-live=seats][data-waitlisted='0']").waitFor();
  await close_page(reader);
});

test("registering opens while the page is open: the form comes without a reload and works", async () => {
  // It opens on 12 April at 9.00 in Joensuu.
  const waiting = await start_server([], "2027-04-12T05:59:49Z");
  try {
    const page = await open_page(browser, waiting);
    await open_live(page, "en");
    assert.equal(await page.locator("main").getAttribute("data-registration"), "not_open_yet");
    assert.equal(await page.locator("#register").count(), 0);

    await page.locator("#register form").waitFor();
    assert.equal(await page.locator("main").getAttribute("data-registration"), "open");
    assert.ok(await page.evaluate(() => window.never_reloaded));
    await fill_in(page, { name: "Aino Ahonen", email: "aino@example.org" });
    await submit_of(page).click();
    assert.equal(await own_status(page), "confirmed");
    await close_page(page);
  } finally {
    await waiting.stop();
  }
});
